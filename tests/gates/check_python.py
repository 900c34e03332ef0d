#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_python.py: pyflakes finds nothing in our Python, and no line of it is too long."""
import re
import subprocess
import sys

import gate

MOST_COLUMNS = 120
FOLDERS = ["bench", "build-aux", "regtest", "tests", "tools"]


def check_tree(root):
    findings = gate.Findings()
    files = gate.files_below(root, FOLDERS, {".py"})
    for path in files:
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            if len(line) > MOST_COLUMNS:
                findings.add(path, number, f"has {len(line)} columns, want {MOST_COLUMNS} at most")
    done = subprocess.run([sys.executable, "-m", "pyflakes", *map(str, files)], cwd=root, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    complaints = re.findall(r"^(.+\.py):(\d+):(?:\d+:)? (.*)", done.stdout, re.M)
    for path, number, text in complaints:
        findings.add(path, number, text)
    if done.returncode != 0 and not complaints:
        findings.add(sys.argv[0], 1, f"pyflakes ended with status {done.returncode}: {done.stdout}")
    return findings


def self_test(plant):
    plant.write("tools/good.py", "import os\n\nprint(os.name)\n")
    gate.expect("good Python", check_tree(plant.root).lines)
    plant.write("tests/gates/unused.py", "\nimport os\n")
    plant.write("tools/long.py", f'text = "{"x" * 111}"\n\ntext = "{"x" * 112}"\n')
    plant.write("tools/wrong.py", "def f(:\n")
    gate.expect("planted errors", check_tree(plant.root).lines,
                "tests/gates/unused.py:2: 'os' imported but unused",
                "tools/long.py:3: has 121 columns",
                "tools/wrong.py:1: ")


if __name__ == "__main__":
    gate.run(lambda: check_tree(gate.source_root()), self_test)
