#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_format.py: C and C++ files have the format that clang-format 14 makes with .clang-format.  Other
versions of clang-format make another."""
import os
import re
import subprocess
import sys

import gate

FOLDERS = ["pmemcheck", "include", "tests", "regtest", "examples", "bench"]
SUFFIXES = {".h", ".hpp", ".c", ".cpp", ".cc"}


def clang_format(*arguments, cwd=None):
    program = os.environ.get("CLANG_FORMAT") or "clang-format-14"
    try:
        return subprocess.run([program, *arguments], cwd=cwd, text=True, capture_output=True)
    except FileNotFoundError:
        sys.exit(f"{sys.argv[0]}:1: no {program} here (Debian's package: clang-format-14)")


def check_tree(root):
    findings = gate.Findings()
    if not (root / ".clang-format").exists():
        findings.add(".clang-format", 1, "missing")
        return findings
    files = gate.files_below(root, FOLDERS, SUFFIXES)
    if not files:
        findings.add(".", 1, f"no sources in {', '.join(FOLDERS)}")
        return findings
    result = clang_format("--dry-run", "-Werror", "--style=file", *map(str, files), cwd=root)
    places = {}
    for match in re.finditer(r"^(\S+?):(\d+):\d+: error: ", result.stderr, re.M):
        places.setdefault(match[1], []).append(int(match[2]))
    for path, lines in places.items():
        findings.add(path, min(lines), f"{len(lines)} place(s) are not as clang-format lays them out: "
                     f"clang-format-14 -i {path}")
    if result.returncode != 0 and not findings.lines:
        findings.add(".clang-format", 1, result.stderr.strip())
    return findings


def self_test(plant):
    version = clang_format("--version").stdout
    if "version 14." not in version:
        sys.exit(f"{sys.argv[0]}:1: want clang-format 14, not {version.strip()}")
    plant.write(".clang-format", "BasedOnStyle: LLVM\n")
    plant.write("pmemcheck/base/good.h", "int good();\n")
    gate.expect("a good tree", check_tree(plant.root).lines)
    plant.write("tests/base/bad.cpp", "int a;\nint   bad( ) ;\n")
    gate.expect("a file laid out badly", check_tree(plant.root).lines, "tests/base/bad.cpp:2: ")


if __name__ == "__main__":
    gate.run(lambda: check_tree(gate.source_root()), self_test)
