# SPDX-License-Identifier: GPL-2.0-or-later
"""report_program.py: the paths of the built pmemcheck-report and its table."""

from pathlib import Path

from harness import place

HERE = Path(__file__).resolve().parent
PROGRAM = place.BUILD / "bin" / "pmemcheck-report"
FINDINGS = place.BUILD / "tools" / "pmemcheck_report" / "findings.json"
