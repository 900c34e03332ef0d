#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_paths.py: each path that a comment or a page names exists, and the links of pages lead somewhere."""
import io
import re
import tokenize

import gate

FOLDERS = ["bench", "build-aux", "docs", "examples", "include", "pmemcheck", "regtest", "tests", "tools", ".github"]
CODE = {".h", ".hpp", ".c", ".cpp", ".def", ".inc", ".py", ".am", ".ac", ".md"}
# A path is named from the top, from pmemcheck/ or from include/, or from the folder of the file that names it.
BASES = ["", "pmemcheck", "include", "regtest"]
FIRST = ("bench|build-aux|docs|examples|include|pmemcheck|regtest|tests|tools|"
         "tables|base|decode|config|model|rules|trace|log|report|valgrind|explore|cases|harness")
PATH = re.compile(rf"(?<![\w./@$<{{*-])(?:\.\./)*(?:{FIRST})/[\w./-]*[\w/]")
# The name of a file without a folder: some file is called so.
NAME = re.compile(r"(?<![\w./*@{}<-])[\w-]+\.(?:h|cpp|def|py|md|am|ac)\b(?!\.?\w|[({*])")
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")
# A part of a path that stands for any: X, FLOOR, test_NAME.cpp, foo.h.
PLACEHOLDER = re.compile(r"(?:^|[/_])(?:[A-Z]+|foo)(?:[./]|$)")

# With the reason.
NAMED_ALTHOUGH_ABSENT = {
    "docs/internals/xml-output-protocol4.txt": "Valgrind's",
    "config.h": "Valgrind's",
    "valgrind.h": "Valgrind's",
    "valgrind/valgrind.h": "Valgrind's",
    "ex_common.h": "PMDK's",
    "examples/01-missing-flush": "built",
}


def comments_of_python(text):
    """RETURNS: [(line number, text)] of comments and docstrings."""
    lines, at_statement = [], True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and at_statement):
            lines += enumerate(token.string.splitlines(), token.start[0])
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            at_statement = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    return lines


def comments(path, text):
    """RETURNS: [(line number, text)] of the text in the file that people read."""
    if path.suffix == ".py":
        return comments_of_python(text)
    lines = list(enumerate(text.splitlines(), 1))
    if path.suffix == ".md":
        return lines
    if path.suffix in (".am", ".ac"):
        return [(number, line) for number, line in lines if re.match(r"\s*(?:#|dnl)\s", line)]
    found, inside = [], False
    for number, line in lines:
        said = ""
        for part in re.split(r"(/\*|\*/|//)", line):
            if part == "//" and inside is False:
                inside = None  # to the end of the line
            elif part in ("/*", "*/") and inside is not None:
                inside = part == "/*"
            elif inside is not False:
                said += part
        inside = bool(inside)
        if said:
            found.append((number, said))
    return found


def exists(root, here, name):
    return any((root / base / name).exists() for base in [*BASES, here])


def check_paths(root, files, absent, findings):
    """Each path that a comment or a page names exists, except those in `absent`."""
    names = {path.name for path in files}
    used = set()
    for path in files:
        for number, line in comments(path, (root / path).read_text()):
            line = re.sub(r"\w+://\S*|\]\([^)]*\)", "", line)
            for name in PATH.findall(line):
                if name in absent:
                    used.add(name)
                elif not PLACEHOLDER.search(name) and not exists(root, path.parent, name):
                    findings.add(path, number, f"names {name}, which does not exist")
            for name in NAME.findall(line):
                if name in absent:
                    used.add(name)
                elif name not in names and not PLACEHOLDER.search(name):
                    findings.add(path, number, f"names {name}, and no file is called that")
    for name in sorted(absent):
        if exists(root, "", name):
            findings.add("tests/gates/check_paths.py", 1, f"allows {name}, which exists")
        elif name not in used:
            findings.add("tests/gates/check_paths.py", 1, f"allows {name}, which no comment or page names")


def anchors(text):
    """RETURNS: what the headings and anchors of a page are linked by."""
    heads = re.findall(r"^#+ (.*)", text, re.M)
    return ({re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
            | set(re.findall(r'<a id="([^"]+)">', text)))


def check_links(root, pages, findings):
    for path in pages:
        text = (root / path).read_text()
        for match in LINK.finditer(text):
            target, anchor = match[1], match[2]
            number = text.count("\n", 0, match.start()) + 1
            if "://" in target:
                continue
            page = root / path.parent / target if target else root / path
            if not page.exists():
                findings.add(path, number, f"links to {target}, which does not exist")
            elif anchor and anchor not in anchors(page.read_text()):
                findings.add(path, number, f"links to {target}#{anchor}, and there is no such heading")


def files_of(root):
    top = [path.relative_to(root) for path in root.iterdir() if path.suffix in CODE and path.is_file()]
    return sorted(top + gate.files_below(root, FOLDERS, CODE))


def check_tree(root, absent):
    findings = gate.Findings()
    files = files_of(root)
    check_paths(root, files, absent, findings)
    check_links(root, [path for path in files if path.suffix == ".md"], findings)
    return findings


def self_test(plant):
    plant.write("pmemcheck/model/a.h", """\
// a.h: see model/b.h, pmemcheck/model/b.h and <valgrind/pmemcheck.h>; http://docs/nothing.md.
int a = 1 /* docs/gone.md */ / 2;  // and b.h
const char* text = "docs/gone.md";
/* One of many lines:
   c.h, docs/X.md and tests/FLOOR/test_NAME.cpp, foo.h
 */
""")
    plant.write("pmemcheck/model/b.h", "\n")
    plant.write("include/valgrind/pmemcheck.h", "\n")
    plant.write("docs/page.md", "# A head: of `it`\n"
                "[b](../docs/page.md#a-head-of-it) [c](http://gone/c.md) [d](gone.md)\n"
                '[e](#no-head) [f](page.md#Id)\n<a id="Id"></a>\n')
    plant.write("tools/d.py", '"""Reads tools/e.py."""\ntext = "tools/f.py"\n\n\n# tools/g.py and built/h.py\n'
                'def f():\n    """As does h.py."""\n')
    plant.write("configure.ac", "dnl tests/i.am\nAC_INIT([docs/j.md])\n# docs/k.md\n")
    absent = {"docs/k.md": "a reason", "h.py": "", "docs/page.md": "", "l.h": ""}
    gate.expect("planted names", check_tree(plant.root, absent).lines,
                "configure.ac:1: names tests/i.am",
                "docs/page.md:2: links to gone.md, which",
                "docs/page.md:3: links to #no-head, and",
                "pmemcheck/model/a.h:2: names docs/gone.md",
                "pmemcheck/model/a.h:5: names c.h, and",
                "tests/gates/check_paths.py:1: allows docs/page.md, which exists",
                "tests/gates/check_paths.py:1: allows l.h, which no comment",
                "tools/d.py:1: names tools/e.py",
                "tools/d.py:5: names tools/g.py")


if __name__ == "__main__":
    gate.run(lambda: check_tree(gate.source_root(), NAMED_ALTHOUGH_ABSENT), self_test)
