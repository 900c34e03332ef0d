# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTML page in Chromium: what it shows, by mouse and by keys.  None of its scripts may fail."""

import time

import browser
import pytest
from build_samples import NAMES, error, frame, many, mapping, run
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

DESKTOP, PHONE = (1200, 900), (400, 800)


@pytest.fixture(scope="module")
def chromium():
    driver = browser.start()
    yield driver
    driver.quit()


@pytest.fixture
def show(report, tmp_path, chromium):
    """Makes a page and opens it.  RETURNS: a browser.Page.  At the end, no script may have failed."""

    def open_page(*arguments, hash=""):
        chromium.get("about:blank")
        report("-q", "--html", "page.html", *arguments)
        chromium.get((tmp_path / "page.html").as_uri() + hash)
        return browser.Page(chromium)

    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": DESKTOP[0], "height": DESKTOP[1], "deviceScaleFactor": 1, "mobile": False})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    yield open_page
    assert chromium.get_log("browser") == []
    assert chromium.execute_script("return performance.getEntriesByType('resource').length") == 0


@pytest.fixture
def page(show, samples):
    return show("--source-root", samples, *(samples / name for name in (
        "queue.4711.xml", "queue.4712.xml", "clean.xml", "newer.xml")))


def test_the_head_of_the_page_counts_findings_and_runs(page):
    assert page.one("#total").text == "9 findings in 4 runs, 1 of which ended early, seen 22 times"
    assert page.texts("#severities button") == ["4 bugs", "3 risks", "2 costs"]
    assert page.total() == "9 findings, 312 bytes"


def test_the_page_lists_findings_by_kind_worst_first(page):
    assert page.texts(".kind .tag") == ["bug"] * 3 + ["risk"] * 3 + ["cost"] * 2
    assert page.places()[:2] == ["push queue.c:11", "count queue.c:17"]
    assert page.texts(".kind p")[0].startswith("Flush the line after the store")


def test_text_filters_the_findings(page):
    page.one("#text").send_keys("clear flushed")
    assert page.places() == ["clear queue.c:24", "clear queue.c:23"]
    assert page.total().startswith("2 of 9 findings")
    page.press("nothing has this")
    assert page.texts(".nothing") == ["No finding passes the filters."]
    page.press(Keys.ESCAPE)
    assert len(page.places()) == 9


def test_kind_file_and_severity_filter_the_findings(page):
    Select(page.one("#kind")).select_by_visible_text("Transaction still open")
    assert page.places() == ["main queue.c:28"]
    Select(page.one("#kind")).select_by_visible_text("All kinds")
    Select(page.one("#file")).select_by_visible_text("src/queue.c (9)")
    assert len(page.places()) == 9
    page.button("4 bugs").click()
    page.button("2 costs").click()
    assert page.texts(".kind .tag") == ["risk"] * 3
    assert page.button("4 bugs").get_attribute("aria-pressed") == "false"


def test_findings_can_be_sorted_by_bytes_down_and_up(page):
    page.button("Bytes").click()
    down = page.texts(".head .number:nth-last-child(2)")
    assert down[:3] == ["112 B", "64 B", "64 B"]
    assert page.all(".kind") == []
    page.button("Bytes ↓").click()
    assert page.texts(".head .number:nth-last-child(2)") == down[::-1]
    page.button("Severity").click()
    assert len(page.all(".kind")) == 8


def test_an_open_finding_shows_stacks_and_source(page):
    page.all(".head")[0].click()
    assert page.all(".head")[0].get_attribute("aria-expanded") == "true"
    details = page.one(".details")
    assert "8 bytes at 0x5200040 were stored and never flushed" in details.text
    assert "The first fence after it was here" in details.text
    assert "queue.4712.xml" in details.text
    assert page.texts(".source .here") == ["  node->next = queue->head;",
                                           "  pmem_persist(&queue->head, sizeof(queue->head));"]
    frame = next(b for b in page.all(".frame button") if "main" in b.text)
    frame.click()
    assert "    push(queue, new_node(queue, i));" in page.texts(".source .here")
    page.all(".head")[0].click()
    assert page.all(".details") == []


def test_a_suppression_can_be_copied(page):
    page.all(".head")[1].click()
    assert page.one(".raw").text.endswith("fun:main\n}")
    page.button("Copy").click()
    WebDriverWait(page.driver, 30).until(lambda _: page.texts(".with button") != ["Copy"])
    assert page.driver.execute_script("return getSelection().toString()").strip().endswith("}")


def test_the_page_can_be_used_with_keys_alone(page):
    page.one("body").send_keys("/")
    assert page.focused.get_attribute("id") == "text"
    page.press("queue", Keys.ARROW_DOWN)
    assert page.focused == page.all(".head")[0]
    page.press(Keys.ARROW_DOWN)
    page.press(Keys.ARROW_DOWN)
    assert page.focused == page.all(".head")[2]
    page.press(Keys.ARROW_UP)
    page.press(Keys.ENTER)
    assert "fence followed" in page.one(".details").text
    page.press(Keys.SPACE)
    assert page.all(".details") == []
    page.press(Keys.ARROW_UP)
    page.press(Keys.ARROW_UP)
    assert page.focused.get_attribute("id") == "text"
    assert page.focused.get_attribute("value") == "queue"


def test_focus_is_visible(page):
    page.one("body").send_keys("/")
    page.press(Keys.ARROW_DOWN)
    style = page.driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"


def test_the_map_shows_each_line_by_its_state(page):
    page.view("pools")
    assert page.texts(".pool h2") == ["/mnt/pmem/queue", "/tmp/pool", "0x6000000 of queue.4712.xml"]
    assert page.texts(".pool p")[0] == "64 KiB, 1,024 lines: 2 DIRTY, 1 FLUSHED"
    cells = page.all(".pool:nth-of-type(1) .cells > *")
    assert len(cells) == 64
    assert [cell.get_attribute("class") for cell in cells[:4]] == ["FLUSHED", "DIRTY", "DIRTY", "clean"]
    assert "Nothing was found in 1 pool:\n/mnt/pmem/clean" in page.one("#pools").text
    cells[1].click()
    assert page.focused == page.all(".head")[0]
    assert page.one(".details")


def test_a_killed_run_without_mappings_still_has_a_map(show, xml):
    text = run(error(file="/mnt/p", offset=8192))
    page = show(xml(text[:text.index("<pmem>")]))
    assert "ends inside <valgrindoutput>" in page.one("#problems").text
    page.view("pools")
    assert page.texts(".pool p") == ["8.0 KiB, 129 lines: 1 DIRTY"]
    assert page.texts(".page span") == ["0x2000"]
    assert len(page.all(".cells > *")) == 1


def test_a_large_pool_is_drawn_a_few_rows_at_a_time(show, xml):
    page = show(xml(run(error(file="/p", offset=4096 * 5 - 64, size=1 << 40),
                        error(file="/p", offset=4096 * 2 + 64, kind="Overwritten"),
                        error(file="/p", offset=4096 * 2, kind="Overwritten"), mappings="")))
    page.view("pools")
    assert page.texts(".page span")[:4] == ["0x2000", "0x4000", "0x5000", "0x6000"]
    cells = page.all(".page:nth-of-type(1) .cells > *")
    assert [cell.get_attribute("class") for cell in cells[:3]] == ["DIRTY", "DIRTY", "clean"]
    assert page.button("Show more of 268,435,442 rows")
    page.button("Show more of 268,435,442 rows").click()
    assert len(page.all(".page")) == 32


def test_a_run_links_to_its_findings(page):
    page.view("runs")
    rows = page.texts("#runs tbody tr")
    assert rows[1] == "queue.4712.xml 4712 ./queue - ended by SIGSEGV 16"
    page.all("#runs tbody button")[1].click()
    assert len(page.places()) == 5
    page.button("queue.4712.xml ✕").click()
    assert len(page.places()) == 9


def test_a_link_to_a_finding_opens_it(show, samples, gathered):
    report, _ = gathered(samples / "queue.4711.xml")
    page = show(samples / "queue.4711.xml", hash=f"#{report.groups[2].id}")
    assert page.one(".details a").text == report.groups[2].id


def test_the_page_shows_new_and_gone_findings(show, report, samples):
    report("-q", "--json", "old.json", samples / "queue.4711.xml")
    page = show("--baseline", "old.json", samples / "newer.xml")
    assert page.one("#total").text == "1 finding in 1 run; since the baseline 1 new, 4 gone"
    assert page.texts(".fresh") == ["new"]
    page.button("1 new").click()
    assert len(page.places()) == 1
    page.one("#gone summary").click()
    assert len(page.all("#gone li")) == 4


def test_a_page_without_findings_says_that_nothing_was_found(show, xml):
    page = show(xml(run()))
    assert page.one("#total").text == "Nothing found in 1 run"
    page.view("pools")
    assert "/tmp/pool" in page.one("#pools").text


def test_the_page_shows_hostile_names_unchanged(show, xml):
    page = show(xml(run(*(error(what=name, frames=[frame(name, f"{name}.c", 7)], file=f"/p{name}",
                                offset=64 * n) for n, name in enumerate(NAMES)),
                        argv=("./app", *NAMES), mappings=mapping())))
    shown = [b.get_attribute("textContent") for b in page.all(".head b")]
    assert sorted(shown) == sorted(NAMES)
    for head in page.all(".head"):
        head.click()
    for view in ("pools", "runs"):
        page.view(view)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_page_fits_its_window_light_and_dark(show, samples, tmp_path, chromium, colours, size):
    page = show("--source-root", samples, samples / "queue.4711.xml", samples / "queue.4712.xml")
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": colours}]})
    page.all(".head")[0].click()
    for view in ("findings", "pools", "runs"):
        page.view(view)
        chromium.save_screenshot(str(tmp_path / f"{view}.png"))
        assert (tmp_path / f"{view}.png").stat().st_size > 1000
        width = chromium.execute_script("return document.documentElement.scrollWidth")
        assert width <= size[0], f"{view} is {width} wide"
    ground = chromium.execute_script("return getComputedStyle(document.body).backgroundColor")
    level = int(ground.strip("rgb()").split(",")[0])
    assert level > 200 if colours == "light" else level < 60


def test_a_page_of_ten_thousand_findings_is_drawn_in_pieces(show, xml, tmp_path):
    path = xml(many(10000))
    page = show(path)
    size = (tmp_path / "page.html").stat().st_size
    opened = page.driver.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    print(f"\n10,000 findings: {size / 1e6:.1f} MB, open after {opened / 1000:.2f} s")
    assert size < 10_000_000
    assert page.one("#total").text == "10,000 findings in 1 run"
    assert len(page.all(".head")) < 1000  # the rest is drawn on scrolling
    started = time.monotonic()
    page.one("#text").send_keys("module_42_step_84")
    assert 0 < len(page.places()) < 1000
    print(f"{time.monotonic() - started:.2f} s until filtered")
    page.one("#text").clear()
    page.one("#text").send_keys(" ")
    WebDriverWait(page.driver, 60).until(lambda driver: driver.execute_script(
        "scrollTo(0, document.body.scrollHeight); return document.querySelectorAll('.head').length > 500"))
    page.view("pools")
    assert page.texts(".pool p") == ["16 MiB, 262,144 lines: 3,000 DIRTY, 3,000 FLUSHED, 4,000 other"]
