# SPDX-License-Identifier: GPL-2.0-or-later
"""browser.py: a headless Chromium without a network, and what it displays of a page."""

import shutil

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

OPTIONS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
           "--window-size=1200,900", "--host-resolver-rules=MAP * ~NOTFOUND"]


def start():
    """RETURNS: selenium's driver.  The caller calls its quit()."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser")
    for option in OPTIONS:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


class Page:
    """The displayed elements of a page; hidden ones do not count."""

    def __init__(self, driver):
        self.driver = driver

    def all(self, selector):
        return [found for found in self.driver.find_elements(By.CSS_SELECTOR, selector)
                if found.is_displayed()]

    def one(self, selector):
        found, = self.all(selector)
        return found

    def texts(self, selector):
        return [found.text for found in self.all(selector)]

    def places(self):
        return self.texts(".head .at")

    def button(self, text):
        found, = (b for b in self.all("button") if b.text == text)
        return found

    def view(self, name):
        self.one(f"[data-view={name}]").click()

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    def total(self):
        return self.one("#shown").text
