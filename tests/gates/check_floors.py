#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_floors.py: a folder is a floor, and includes only go down.  Only pmemcheck/valgrind includes
Valgrind's headers.  Inside a floor the units, each a header with its source, form no cycle.
HACKING.md describes the floors."""
import pathlib
import re

import gate

PURE = ["tables", "base", "decode", "config", "model", "rules", "trace", "log", "report"]
MAY_INCLUDE = {
    "tables": [],
    "base": ["tables"],
    "decode": ["tables", "base"],
    "config": ["tables", "base"],
    "model": ["tables", "base"],
    "rules": ["tables", "base", "decode", "config", "model"],
    "trace": ["tables", "base", "decode", "config", "model"],
    "log": ["tables", "base", "decode", "config", "model"],
    "report": ["tables", "base", "rules/finding.h"],
    "valgrind": PURE,
    "explore": PURE,
}
# Headers of the distribution's that the floors may name with quotes, and where.
CLIENT_HEADER = "valgrind/pmemcheck.h"
VALGRIND_HEADER = re.compile(r"(^|/)(pub_tool_|pub_core_|libvex)|^(valgrind/)?valgrind\.h$")
INCLUDE = re.compile(r'\s*#\s*include(?:_next)?\s*(?:"([^"]*)"|<([^>]*)>|(\S.*))')


def why_not(folder, quoted, system):
    """RETURNS: what is wrong with an include in pmemcheck/FOLDER, or None."""
    name = quoted or system
    if VALGRIND_HEADER.search(name):
        return None if folder == "valgrind" else \
            f"{name} is Valgrind's: only pmemcheck/valgrind includes its headers"
    if name.endswith(CLIENT_HEADER):
        return None if folder == "valgrind" else \
            f"{name} is for guest programs: only pmemcheck/valgrind may include it"
    if name.startswith("tests/"):
        return f"{name}: the tests stand above all floors"
    if system is not None:
        return f"<{name}>: write our own headers with quotes" if name.startswith("pmemcheck/") else None
    if not name.startswith("pmemcheck/"):
        return f'"{name}": write the path from the top of the tree, "pmemcheck/..."'
    target = name.removeprefix("pmemcheck/")
    if ".." in target.split("/"):
        return f'"{name}": write the path without ".."'
    target_folder = target.split("/")[0]
    allowed = MAY_INCLUDE[folder]
    if target_folder == folder or target_folder in allowed or target in allowed:
        return None
    return f"{name}: pmemcheck/{folder} may include {', '.join(allowed) or 'nothing'}"


def check_cycles(includes, findings):
    """includes: {unit: {unit that it includes: (file, line number)}}, of one floor.  Reports each
    cycle once, at an include that closes it."""
    done, path = set(), []

    def visit(unit):
        if unit in path:
            cycle = path[path.index(unit):] + [unit]
            file, number = includes[path[-1]][unit]
            findings.add(file, number, "a cycle: " + " -> ".join(u.name for u in cycle))
            return
        if unit in done:
            return
        path.append(unit)
        for included in sorted(includes.get(unit, {})):
            visit(included)
        path.pop()
        done.add(unit)

    for unit in sorted(includes):
        visit(unit)


def check_tree(root):
    findings = gate.Findings()
    includes = {}  # by floor: see check_cycles
    files = gate.files_below(root, ["pmemcheck"], {".h", ".cpp", ".def", ".inc", ".c", ".hpp"})
    if not files:
        findings.add("pmemcheck", 1, "no sources here")
    for path in files:
        folder = path.parts[1]
        if len(path.parts) < 3 or folder not in MAY_INCLUDE:
            findings.add(path, 1, f"no floor: want pmemcheck/FOLDER/, one of {', '.join(MAY_INCLUDE)}")
            continue
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, system, computed = match.groups()
            if computed is not None:
                findings.add(path, number, f"{computed}: write an include's path out")
            elif reason := why_not(folder, quoted, system):
                findings.add(path, number, reason)
            elif quoted and quoted.startswith(f"pmemcheck/{folder}/"):
                unit, included = path.with_suffix(""), pathlib.Path(quoted).with_suffix("")
                if included != unit:
                    includes.setdefault(folder, {}).setdefault(unit, {})[included] = (path, number)
    for floor in sorted(includes):
        check_cycles(includes[floor], findings)
    for path in gate.files_below(root, ["tests"], {".h", ".cpp"}):
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            name = match and (match[1] or match[2]) or ""
            if VALGRIND_HEADER.search(name) or name.startswith("pmemcheck/valgrind/"):
                findings.add(path, number, f"{name}: the unit tests run without Valgrind")
    return findings


def self_test(plant):
    good = {
        "base/a.h": '#include <span>\n#include "pmemcheck/base/b.h"\n#include "pmemcheck/tables/t.def"\n',
        "model/a.h": '#include "pmemcheck/base/a.h"\n',
        "rules/a.h": '#include "pmemcheck/model/a.h"\n#include "pmemcheck/decode/a.h"\n',
        "report/a.h": '#include "pmemcheck/rules/finding.h"\n',
        "valgrind/a.h": '#include "pub_tool_basics.h"\n#include <libvex.h>\n#include "pmemcheck/report/a.h"\n',
    }
    for name, text in good.items():
        plant.write(f"pmemcheck/{name}", text)
    gate.expect("a good tree", check_tree(plant.root).lines)
    bad = [
        ("base/up.h", '\n#include "pmemcheck/model/a.h"\n', 2),
        ("config/valgrind.cpp", '#  include <valgrind/valgrind.h>\n', 1),
        ("decode/sideways.cpp", '#include "pmemcheck/model/a.h"\n', 1),
        ("explore/sideways.cpp", '#include "pmemcheck/valgrind/a.h"\n', 1),
        ("log/same_floor.cpp", '#include "pmemcheck/rules/a.h"\n', 1),
        ("model/relative.cpp", '#include "line_state.h"\n', 1),
        ("model/valgrind.cpp", 'int a;\n\n#include "pub_tool_basics.h"\n', 3),
        ("report/rules.h", '#include "pmemcheck/rules/rule_set.h"\n', 1),
        ("rules/computed.cpp", '#include HEADER\n', 1),
        ("rules/up.cpp", '#include "pmemcheck/base/../report/a.h"\n', 1),
        ("strange/a.cpp", '\n', 1),
        ("tables/up.def", '#include "pmemcheck/base/a.h"\n', 1),
    ]
    for name, text, _ in bad:
        plant.write(f"pmemcheck/{name}", text)
    plant.write("tests/model/test_a.cpp", '#include "libvex_ir.h"\n')
    gate.expect("planted includes", check_tree(plant.root).lines,
                *[f"pmemcheck/{name}:{line}: " for name, _, line in bad], "tests/model/test_a.cpp:1: ")

    for name, _, _ in bad:
        plant.remove(f"pmemcheck/{name}")
    plant.remove("tests/model/test_a.cpp")
    # Three units, two of them in rooms; the headers form no cycle, but the sources close one.
    plant.write("pmemcheck/explore/x.h", '#include "pmemcheck/explore/in/y.h"\n')
    plant.write("pmemcheck/explore/in/y.cpp", '#include "pmemcheck/explore/out/z.h"\n')
    plant.write("pmemcheck/explore/out/z.cpp", '\n#include "pmemcheck/explore/x.h"\n')
    # A unit may be reached in two ways, and a source includes its own header.
    plant.write("pmemcheck/trace/a.cpp", '#include "pmemcheck/trace/a.h"\n#include "pmemcheck/trace/b.h"\n')
    plant.write("pmemcheck/trace/a.h", '#include "pmemcheck/trace/c.h"\n')
    plant.write("pmemcheck/trace/b.h", '#include "pmemcheck/trace/c.h"\n')
    gate.expect("a planted cycle", check_tree(plant.root).lines,
                "pmemcheck/explore/x.h:1: a cycle: y -> z -> x -> y")


if __name__ == "__main__":
    gate.run(lambda: check_tree(gate.source_root()), self_test)
