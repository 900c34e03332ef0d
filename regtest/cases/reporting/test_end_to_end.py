# SPDX-License-Identifier: GPL-2.0-or-later
"""From programs to one report: the XML of a test suite is compared with the text of the same runs."""

import json
from collections import Counter

from harness import case, place
from harness.report import KINDS

GOLDEN = place.SOURCE / "regtest/cases/golden"
NAMES = [kind.name for kind in KINDS] + ["all"]


def test_ten_programs_become_one_report(tmp_path, pmemcheck, report, kinds):
    assert len(NAMES) == 10
    wanted = Counter()
    for name in NAMES:
        golden = case.Case(GOLDEN / f"{name}.c")
        wanted += Counter(golden.run(tmp_path).parsed().reports[0].found())
        pmemcheck([tmp_path / name],
                  options=["--xml=yes", f"--xml-file={tmp_path}/{name}.xml", *golden.options])
    files = sorted(tmp_path.glob("*.xml"))
    outputs = [word for name in ("json", "sarif", "junit", "html")
               for word in (f"--{name}", tmp_path / f"all.{name}")]
    done = report(*files, *outputs)
    assert done.status == 1 and done.stderr == "", done
    merged = json.loads((tmp_path / "all.json").read_text())
    assert len(merged["runs"]) == 10 and all(run["complete"] for run in merged["runs"])
    found = Counter()
    for finding in merged["findings"]:
        found[finding["kind"]] += finding["count"]
    # The kinds of the table and the sections of the text have the same order.
    ids = list(kinds.kinds)
    id_of = dict(zip((kind.name for kind in KINDS), ids, strict=True))
    assert found == {id_of[name]: count for name, count in wanted.items()}
    assert merged["total"]["count"] == sum(wanted.values())
    # The sources are readable, so the page shows their lines.
    assert "PM(uint64_t, 0) = 2;" in (tmp_path / "all.html").read_text()
