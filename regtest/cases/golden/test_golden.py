# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole report for each kind of finding, compared with the text in KIND.txt.

KIND.txt has no prefix and no process number, and addresses of code are 0xADDRESS there.
"""

import re
from pathlib import Path

import pytest

from harness import case, report

HERE = Path(__file__).resolve().parent
NAMES = [kind.name for kind in report.KINDS] + ["all"]


@pytest.mark.parametrize("name", NAMES)
def test_the_report_equals_its_golden_text(tmp_path, name):
    done = case.Case(HERE / f"{name}.c").run(tmp_path)
    text = re.sub(r"(?m)^==\d+== ", "", done.log).split("\n", 6)[6]  # without the preamble
    text = re.sub(r"(at|by) 0x[0-9A-F]+:", r"\1 0xADDRESS:", text)
    assert text == (HERE / f"{name}.txt").read_text(), done


def test_each_kind_has_a_golden_text_and_each_text_a_kind():
    assert {path.stem for path in HERE.glob("*.txt")} == set(NAMES)
    assert {path.stem for path in HERE.glob("*.c")} == set(NAMES)
