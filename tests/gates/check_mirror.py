#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_mirror.py: tests mirror paths, comments name tests that there are, and the source lists name
every source once.

pmemcheck/model/line_state.h is tested in tests/model/test_line_state.cpp, and that file tests
nothing that does not exist.  What has no test of its own is listed here with the reason.
"""
import pathlib
import re

import gate

FLOORS = ["base", "decode", "config", "model", "rules", "trace", "log", "report", "explore"]
WITHOUT_TEST = {
    "pmemcheck/base/check.h": "two macros over host_check_failed; every test goes through them",
    "pmemcheck/base/host.h": "declarations alone: each host defines them",
    "pmemcheck/base/persistence.h": "two enums; tested with the options and the machine",
    "pmemcheck/base/sink.h": "two words; tested with their one user, in test_format.cpp",
    "pmemcheck/report/words.h": "functions that each host defines; every test of a report has its own",
    "pmemcheck/explore/explorer.h": "runs checkers in a process of its own; regtest/cases/explore",
    "pmemcheck/explore/host.cpp": "the host's functions; everything that runs goes through them",
    "pmemcheck/explore/checks/library_checker.h": "forks; regtest/cases/explore",
    "pmemcheck/explore/main.cpp": "wiring; regtest/cases/explore",
    "pmemcheck/explore/checks/process.h": "forks, and kills; regtest/cases/explore",
    "pmemcheck/explore/report.h": "its words are compared with the real program's there",
    "pmemcheck/explore/report_json.cpp": "so is this",
    "pmemcheck/explore/report_text.cpp": "and this",
    "pmemcheck/explore/saved.h": "writes files beside others; regtest/cases/explore",
    "pmemcheck/explore/workers.h": "forks; regtest/cases/explore",
    "pmemcheck/trace/trace_format.h": "numbers and structs; tested with the writer and the reader",
    "pmemcheck/rules/finding.h": "a struct of facts; tested with the rules that fill it",
}
SUFFIXES = {".h", ".cpp", ".def", ".inc", ".c", ".hpp"}
# Made by the build.
GENERATED = {"tests/decode/forms.inc"}
# What a comment calls a test: its path from the top, or the name of one beside the last so named.
NAMED_TEST = re.compile(r"(?<![\w./-])(?:(?:regtest|tests)/[\w./-]*\w|test_\w+\.(?:cpp|py)\b)")


def listed_in(root, list_file, folder):
    """The words of an automake file that are paths below folder: [(path, line number)]."""
    words = []
    for number, line in enumerate((root / list_file).read_text().splitlines(), 1):
        for word in line.split("#")[0].split():
            if word.startswith(folder + "/") and any(word.endswith(s) for s in SUFFIXES):
                words.append((word, number))
    return words


def check_lists(root, findings):
    for list_file, folder in (("pmemcheck/sources.am", "pmemcheck"), ("tests/sources.am", "tests")):
        if not (root / list_file).exists():
            findings.add(list_file, 1, "missing")
            continue
        seen = {}
        for path, number in listed_in(root, list_file, folder):
            if path in seen:
                findings.add(list_file, number, f"{path} stands in line {seen[path]} already")
            seen.setdefault(path, number)
            if not (root / path).exists():
                findings.add(list_file, number, f"{path} does not exist")
        for path in map(str, gate.files_below(root, [folder], SUFFIXES)):
            if path not in seen and path not in GENERATED:
                findings.add(path, 1, f"not listed in {list_file}")


def check_mirror(root, without_test, findings):
    for floor in FLOORS:
        units = {path.with_suffix("")
                 for path in gate.files_below(root, [f"pmemcheck/{floor}"], {".h", ".cpp"})}
        for unit in sorted(units):
            source = next(s for s in (f"{unit}.h", f"{unit}.cpp") if (root / s).exists())
            test = str(pathlib.Path("tests", *unit.parts[1:-1], f"test_{unit.name}.cpp"))
            if (root / test).exists():
                if source in without_test:
                    findings.add(test, 1, f"{source} is listed in check_mirror.py as having no test")
            elif source not in without_test:
                findings.add(source, 1, f"no test: want {test}, or a reason in check_mirror.py")
    for source in without_test:
        if not (root / source).exists():
            findings.add(source, 1, "listed in check_mirror.py, but does not exist")
    for path in gate.files_below(root, ["tests"], {".cpp"}):
        if len(path.parts) == 2:
            continue
        tested = pathlib.Path("pmemcheck", *path.parts[1:-1], path.stem.removeprefix("test_"))
        if path.parts[1] not in FLOORS or not path.name.startswith("test_"):
            findings.add(path, 1, f"want tests/FLOOR/test_NAME.cpp with a floor of {', '.join(FLOORS)}")
        elif not any((root / f"{tested}{s}").exists() for s in (".h", ".cpp")):
            findings.add(path, 1, f"tests {tested}, which does not exist")


def check_named(root, findings):
    for path in gate.files_below(root, ["include", "pmemcheck", "tests"], SUFFIXES):
        mirrored = pathlib.Path("tests", *path.parts[1:-1])
        folder = mirrored
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            code, _, comment = line.partition("//")
            if code.strip() or not comment:
                folder = mirrored
            for name in NAMED_TEST.findall(comment):
                named = pathlib.Path(name) if "/" in name else folder / name
                folder = named.parent if named.suffix else named
                if not (root / named).exists() and str(named) not in GENERATED:
                    findings.add(path, number, f"names the test {named}, which does not exist")


def check_tree(root, without_test):
    findings = gate.Findings()
    check_lists(root, findings)
    check_mirror(root, without_test, findings)
    check_named(root, findings)
    return findings


def self_test(plant):
    plant.write("pmemcheck/sources.am", "x = \\\n  pmemcheck/model/a.h \\\n  pmemcheck/base/host.h\n")
    plant.write("tests/sources.am", "x = tests/main.cpp \\\n  tests/model/test_a.cpp\n")
    for path in ("pmemcheck/model/a.h", "pmemcheck/base/host.h", "tests/main.cpp",
                 "tests/model/test_a.cpp"):
        plant.write(path, "\n")
    exempt = {"pmemcheck/base/host.h": "a reason"}
    gate.expect("a good tree", check_tree(plant.root, exempt).lines)

    plant.write("pmemcheck/sources.am",
                "x = pmemcheck/model/a.h\ny = pmemcheck/model/a.h \\\n  pmemcheck/model/gone.cpp\n")
    plant.write("pmemcheck/rules/untested.cpp", "\n")
    plant.write("tests/model/test_nothing.cpp", "\n")
    plant.write("tests/model/room/test_nothing.cpp", "\n")
    plant.write("tests/base/test_host.cpp", "\n")
    plant.write("tests/model/helper.cpp", "\n")
    plant.write("tests/sources.am", "x = tests/main.cpp tests/model/test_a.cpp "
                "tests/model/test_nothing.cpp tests/base/test_host.cpp "
                "tests/model/room/test_nothing.cpp\n")
    gate.expect("planted files", check_tree(plant.root, exempt | {"pmemcheck/log/gone.h": ""}).lines,
                "pmemcheck/base/host.h:1: not listed",
                "pmemcheck/log/gone.h:1: listed in check_mirror.py",
                "pmemcheck/rules/untested.cpp:1: no test",
                "pmemcheck/rules/untested.cpp:1: not listed",
                "pmemcheck/sources.am:2: pmemcheck/model/a.h stands",
                "pmemcheck/sources.am:3: pmemcheck/model/gone.cpp does not exist",
                "tests/base/test_host.cpp:1: pmemcheck/base/host.h is listed",
                "tests/model/helper.cpp:1: not listed",
                "tests/model/helper.cpp:1: want tests/FLOOR",
                "tests/model/room/test_nothing.cpp:1: tests pmemcheck/model/room/nothing",
                "tests/model/test_nothing.cpp:1: tests pmemcheck/model/nothing")

    plant.write("pmemcheck/sources.am", "x = pmemcheck/model/a.h pmemcheck/base/host.h\n")
    plant.write("tests/sources.am", "x = tests/main.cpp tests/model/test_a.cpp\n")
    for path in ("pmemcheck/rules/untested.cpp", "tests/model/test_nothing.cpp",
                 "tests/model/room/test_nothing.cpp",
                 "tests/base/test_host.cpp", "tests/model/helper.cpp"):
        plant.remove(path)
    plant.write("regtest/cases/flush/test_b.py", "\n")
    plant.write("pmemcheck/model/a.h", """\
// Floor 1.  Tested in tests/model/test_a.cpp and test_b.cpp; regtest/cases/flush, by an oracle in
// regtest/cases/flush/test_b.py and test_c.py.
// Tested in regtest/cases/flush/test_d.py,
// regtest/cases/fence. See my_test_e.cpp.
int a = 0;  // see test_a.cpp
""")
    gate.expect("comments that name tests", check_tree(plant.root, exempt).lines,
                "pmemcheck/model/a.h:1: names the test tests/model/test_b.cpp",
                "pmemcheck/model/a.h:2: names the test regtest/cases/flush/test_c.py",
                "pmemcheck/model/a.h:3: names the test regtest/cases/flush/test_d.py",
                "pmemcheck/model/a.h:4: names the test regtest/cases/fence, which")


if __name__ == "__main__":
    gate.run(lambda: check_tree(gate.source_root(), WITHOUT_TEST), self_test)
