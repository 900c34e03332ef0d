#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_pages.py: pages and programs agree on options and findings, and no line of a page is too long.

Each option in a page is in some command's --help, and each option of ours in --help is in the page of its command. Each
kind of finding has its section in the manual. CONTRIBUTING.md names the address for bug reports of configure.ac.
"""
import re
import subprocess
import sys

import gate

MOST_COLUMNS = 120
FOLDERS = ["bench", "docs", "examples", "regtest", "tools", ".github"]
# Options of other programs that pages name, with the program.
OTHERS_OPTIONS = {
    "--array": "sbatch",
    "--depth": "git",
    "--noout": "xmllint",
    "--nosuch": "none: the pages show what happens to a wrong option",
    "--relaxng": "xmllint",
    "--wrapper": "meson",
}
# Older names of our options, with their present names: commands accept them, but no --help lists them.
OLDER_NAMES = {
    "--most-reductions": "--max-reductions",
}


def check_columns(root, pages, findings):
    for path in pages:
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            if len(line) > MOST_COLUMNS:
                findings.add(path, number, f"has {len(line)} columns, want {MOST_COLUMNS} at most")


def check_kinds(root, findings):
    """Each kind of finding has its section in the manual: a heading below an anchor of its name."""
    manual = (root / "docs/manual.md").read_text()
    for kind in re.findall(r"^PM_FINDING\((\w+)", (root / "pmemcheck/tables/findings.def").read_text(), re.M):
        if not re.search(rf'^<a id="{kind}"></a>\n#+ ', manual, re.M):
            findings.add("docs/manual.md", 1, f'has no section for {kind}: want <a id="{kind}"></a> above its heading')


def check_bug_reports(root, findings):
    """CONTRIBUTING.md sends bug reports where the tool does: to the third argument of AC_INIT."""
    found = re.search(r"^AC_INIT\(\[.*?\], \[.*?\], \[(.*?)\]", (root / "configure.ac").read_text(), re.M)
    if not found:
        findings.add("configure.ac", 1, "has no address for bug reports: want it as third argument of AC_INIT")
    elif found[1] not in (root / "CONTRIBUTING.md").read_text():
        findings.add("CONTRIBUTING.md", 1, f"does not name {found[1]}, where configure.ac sends bug reports")


def options_in(text):
    """RETURNS: the names of the options that the text has."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9]*(?:-[a-z0-9]+)*", text))


def own_options(help_text):
    """RETURNS: the options that a --help lists: those at the beginning of a line, or after a short form or a comma."""
    return {name for line in help_text.splitlines()
            for head in re.findall(r"^\s+((?:-\w(?: \S+)?, )?--[a-z][^\s=\[]*(?:(?: \S+)?, --[a-z][^\s=\[]*)*)", line)
            for name in options_in(head)}


def check_options(root, pages, ours, others, findings):
    """`ours`: {page: --help of the command that it describes}.  `others`: names of options that belong to others."""
    known = set(others).union(*(options_in(text) for text in ours.values()))
    for path in pages:
        for number, line in enumerate((root / path).read_text().splitlines(), 1):
            for name in sorted(options_in(line) - known):
                findings.add(path, number, f"names the option {name}, which is in no --help")
    for page, text in ours.items():
        if not own_options(text):
            findings.add(page, 1, "is compared with a --help that lists no options")
        named = options_in((root / page).read_text())
        for name in sorted(own_options(text) - named - {"--help", "--version"}):
            findings.add(page, 1, f"does not name the option {name}, which is in --help")


def ask(*command):
    """RETURNS: what the command prints."""
    try:
        return subprocess.run(list(map(str, command)), text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT).stdout
    except FileNotFoundError:
        sys.exit(f"{sys.argv[0]}:1: there is no {command[0]}: run `make` first")


def the_tools_part(help_text):
    """RETURNS: what the tool itself prints of `valgrind --tool=pmemcheck --help`."""
    _, _, ours = help_text.partition("user options for pmemcheck:")
    return ours.partition("Extra options read from")[0]


def pages_of(root):
    """RETURNS: the pages of the tree, relative to its root."""
    return sorted(path.relative_to(root) for path in root.glob("*.md")) + gate.files_below(root, FOLDERS, {".md"})


def check_tree(root, ours, others):
    findings = gate.Findings()
    pages = pages_of(root)
    check_columns(root, pages, findings)
    check_kinds(root, findings)
    check_bug_reports(root, findings)
    check_options(root, pages, ours, others, findings)
    return findings


def check():
    root, build = gate.source_root(), gate.build_root()
    valgrind = ask(build / "bin/pmemcheck", "--help")
    ours = {"docs/manual.md": the_tools_part(valgrind),
            "docs/explorer.md": ask(build / "bin/pmemcheck-explore", "--help"),
            "docs/report.md": ask(build / "bin/pmemcheck-report", "--help")}
    others = options_in(valgrind + ask(build / "bin/pmemcheck", "--help-debug") + ask("vgdb", "--help")
                        + ask(root / "configure", "--help") + ask(sys.executable, root / "bench/bench.py", "--help"))
    return check_tree(root, ours, others | set(OTHERS_OPTIONS) | set(OLDER_NAMES))


def self_test(plant):
    plant.write("pmemcheck/tables/findings.def",
                "// PM_FINDING(Id, severity)\nPM_FINDING(Lost, bug)\nPM_FINDING(Late, risk)\n")
    plant.write("docs/report.md", "`--quiet`, `--json FILE`, `-j`\n")
    plant.write("configure.ac", "AC_INIT([name], [1.0], [the tracker])\n")
    plant.write("CONTRIBUTING.md", "Use the tracker.\n")
    tool = the_tools_part("  --not-ours=no\n  user options for pmemcheck:\n    --good=no|yes   also --others [yes]\n"
                          "\n  Extra options read from ~\n")
    report = ("usage: x [--json FILE]\n              [--quiet]\n  -h, --help\n"
              "  -j FILE, --json FILE  all\n  -q, --quiet\n")
    ours = {"docs/manual.md": tool, "docs/report.md": report}
    plant.write("docs/manual.md", '<a id="Lost"></a>\n## Lost\n\n<a id="Late"></a>\n### L\n'
                "`--good=yes` and `--others`\n")
    gate.expect("good pages", check_tree(plant.root, ours, {"--others"}).lines)
    plant.write("docs/manual.md", '<a id="Lost"></a>\n## Lost\n`--gone=yes`\n<a id="Late"></a>\n')
    plant.write("docs/report.md", "`--json FILE` `---quiet`\n")
    plant.write("CONTRIBUTING.md", "Use the list.\n")
    plant.write("README.md", "\n" + "x" * 121 + "\n" + "ä" * 120 + "\n")
    gate.expect("planted errors", check_tree(plant.root, ours, {"--others"}).lines,
                "CONTRIBUTING.md:1: does not name the tracker",
                "README.md:2: has 121 columns",
                "docs/manual.md:1: does not name the option --good",
                "docs/manual.md:1: has no section for Late",
                "docs/manual.md:3: names the option --gone",
                "docs/report.md:1: does not name the option --quiet")
    plant.write("configure.ac", "AC_INIT([name], [1.0])\n")
    lines = check_tree(plant.root, {"docs/report.md": "usage: x --json\n"}, {"--gone", "--json"}).lines
    gate.expect("no address and no options", [line for line in lines if "README" not in line],
                "configure.ac:1: has no address",
                "docs/manual.md:1: has no section for Late",
                "docs/report.md:1: is compared with a --help that lists no options")


if __name__ == "__main__":
    gate.run(check, self_test)
