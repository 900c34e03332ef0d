# SPDX-License-Identifier: GPL-2.0-or-later
"""reader.py: one XML file -> a Run, and the Problem with it if there is one.

The file is read piece by piece, and each <error> counts as soon as it is closed, so everything before
the end of a broken file is kept.  Unknown elements are skipped, because Valgrind's core adds some from
release to release.
"""

import codecs
import re
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from .model import Finding, Frame, Mapping, Problem, Run

WANTED = "want a file that valgrind --tool=pmemcheck --xml=yes wrote"
_PIECE = 1 << 16
_NUMBER = re.compile(r"0x[0-9a-fA-F]{1,16}|[0-9]{1,20}")
# Valgrind writes a program's arguments and names unchanged.  Characters that XML cannot hold are escaped.
_SPELLED = {code: f"\\x{code:02x}" for code in (*range(1, 9), 11, 12, *range(14, 32), 0x7f)}


class _Unusable(Exception):
    """A file that cannot be used.  ARGUMENTS: line, what is wrong."""


class _BadValue(Exception):
    """An element that makes no sense."""


def read(path):
    """RETURNS: (Run, or None where nothing could be read; Problem, or None)."""
    reader = _Reader(path)
    try:
        with open(path, "rb") as file:
            reader.read(file)
    except _Unusable as wrong:
        return None, Problem(path, wrong.args[0], f"{wrong.args[1]}: {WANTED}")
    except OSError as wrong:
        return None, Problem(path, 0, f"{wrong.strerror}: {WANTED}")
    return reader.run, reader.problem


class _Reader:
    def __init__(self, path):
        self.run = Run(path)
        self.problem = None
        self._ours = False  # <protocoltool> was seen
        self._open = []  # the open tags
        self._line = 0  # where the open child of the root begins
        self._left_out = 0  # findings that make no sense
        self._tree = None
        self._frames = {}
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def read(self, file):
        decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        last = False
        try:
            while not last:
                piece = file.read(_PIECE)
                last = not piece
                self._parser.Parse(decoder.decode(piece, last).translate(_SPELLED), last)
        except expat.ExpatError as wrong:
            self._broken(wrong, last)
        if self.problem and self._left_out:
            self.problem = self.problem._replace(
                text=f"{self.problem.text}; findings left out: {self._left_out}")

    def _broken(self, wrong, at_end):
        reason = expat.ErrorString(wrong.code)
        if not self._open and not self.run.complete:
            if at_end and wrong.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]:
                reason = "empty"
            else:
                reason = f"not XML ({reason})"
            raise _Unusable(wrong.lineno, reason)
        if not self._ours:
            raise _Unusable(wrong.lineno, f"broken off before it named its tool ({reason})")
        count = len(self.run.findings)
        kept = f"; reported are the findings before that: {count}"
        if self.run.complete:
            text = f"something follows </valgrindoutput>, the end: {WANTED}"
        elif at_end:
            text = (f"ends inside <{self._open[-1]}>, so the run was killed or the file cut: "
                    f"want </valgrindoutput> at the end{kept}")
        else:
            text = f"broken XML inside <{self._open[-1]}> ({reason}): {WANTED}{kept}"
        self.run.complete = False
        self.problem = Problem(self.run.file, wrong.lineno, text)

    # ---- expat's calls ----

    def _start(self, tag, attributes):
        self._open.append(tag)
        depth = len(self._open)
        if depth == 1:
            if tag != "valgrindoutput":
                raise _Unusable(self._parser.CurrentLineNumber, f"begins with <{tag}>")
            return
        if depth == 2:
            self._line = self._parser.CurrentLineNumber
            self._tree = TreeBuilder()
            self._parser.CharacterDataHandler = self._tree.data
        self._tree.start(tag, attributes)

    def _end(self, tag):
        self._open.pop()
        if self._open:
            self._tree.end(tag)
        if len(self._open) == 1:
            self._parser.CharacterDataHandler = None
            self._child(self._tree.close())
        elif not self._open:
            if not self._ours:
                raise _Unusable(self._parser.CurrentLineNumber, "names no tool")
            self.run.complete = True

    # ---- the children of <valgrindoutput> ----

    def _child(self, element):
        take = getattr(self, f"_take_{element.tag}", None)
        if take is None:
            return
        if not self._ours and element.tag in ("error", "pmem"):
            raise _Unusable(self._line, f"<{element.tag}> comes before <protocoltool>")
        try:
            take(element)
        except _BadValue as wrong:
            self._left_out += element.tag == "error"
            text = f"<{element.tag}> has {wrong}"
            self.problem = self.problem or Problem(self.run.file, self._line, text)

    def _take_protocoltool(self, element):
        tool = (element.text or "").strip()
        if tool != "pmemcheck":
            raise _Unusable(self._line, f"written by {tool or 'no tool'}")
        self._ours = True

    def _take_preamble(self, element):
        self.run.tool = _word(element, "line")

    def _take_pid(self, element):
        self.run.pid = _as_number("pid", element.text or "")

    def _take_ppid(self, element):
        self.run.ppid = _as_number("ppid", element.text or "")

    def _take_args(self, element):
        self.run.argv = [(word.text or "").strip() for word in element.iterfind("argv/*")]

    def _take_fatal_signal(self, element):
        self.run.signal = _word(element, "signame") or f"signal {_word(element, 'signo')}"

    def _take_pmem(self, element):
        for mapping in element.iterfind("mapping"):
            self.run.mappings.append(Mapping(
                _number(mapping, "base"), _number(mapping, "size"), _word(mapping, "file"),
                _number(mapping, "offset", 0)))

    def _take_error(self, element):
        finding = Finding(_word(element, "kind"), "", (), [])
        if not finding.kind:
            raise _BadValue("no <kind>: want one of pmemcheck's kinds")
        finding.tid = _number(element, "tid", 0)
        finding.thread = _word(element, "threadname")
        self._words(element, finding)
        details = element.find("pmemcheck")
        if details is not None:
            _take_details(details, finding)
        if finding.file or finding.name:  # these say more precisely where it lies
            finding.more = [(text, stack) for text, stack in finding.more
                            if stack or not text.startswith("Address 0x")]
        finding.bytes = finding.bytes or finding.size * finding.count
        suppression = element.find("suppression")
        if suppression is not None:
            finding.suppression = _suppression(suppression)
        self.run.findings.append(finding)

    def _words(self, element, finding):
        """Takes <what>, and pairs of <auxwhat> and <stack>, either of which may be alone."""
        heading = ""
        for child in element:
            if child.tag in ("auxwhat", "xauxwhat"):
                if heading:
                    finding.more.append((heading, ()))
                heading = _said(child)
                if heading.startswith("hint: "):
                    finding.hint, heading = heading[len("hint: "):], ""
            elif child.tag in ("what", "xwhat"):
                finding.what = _said(child)
            elif child.tag == "stack":
                stack = tuple(self._frame(frame) for frame in child.iterfind("frame"))
                if not finding.stack and not heading:
                    finding.stack = stack
                else:
                    finding.more.append((heading, stack))
                heading = ""
        if heading:
            finding.more.append((heading, ()))

    def _frame(self, element):
        words = {child.tag: (child.text or "").strip() for child in element}
        line = _as_number("line", words["line"]) if words.get("line") else 0
        if words.get("ip"):
            _as_number("ip", words["ip"])
        frame = Frame(words.get("ip", ""), words.get("obj", ""), words.get("fn", ""),
                      words.get("dir", ""), words.get("file", ""), line)
        return self._frames.setdefault(frame, frame)  # equal frames share memory


def _take_details(element, finding):
    for name, attribute in (("address", "address"), ("transaction", "transaction"),
                            ("lowest", "lowest"), ("end", "end")):
        setattr(finding, attribute, _number(element, name, None))
    for name, attribute, otherwise in (("size", "size", 0), ("offset", "offset", 0),
                                       ("nameoffset", "name_offset", 0), ("nesting", "nesting", 0),
                                       ("count", "count", 1), ("bytes", "bytes", 0)):
        setattr(finding, attribute, _number(element, name, otherwise))
    for name in ("state", "file", "name"):
        setattr(finding, name, _word(element, name))


def _suppression(element):
    """RETURNS: the suppression as text for a file: Valgrind's own, or one made of the parts."""
    raw = (element.findtext("rawtext") or "").strip()
    if raw:
        return raw
    lines = [_word(element, "sname"), _word(element, "skind")]
    for frame in element.iterfind("sframe"):
        lines += [f"{part.tag}:{(part.text or '').strip()}" for part in frame]
    return "\n".join(["{", *(f"   {line}" for line in lines), "}"])


def _said(element):
    inner = element.find("text")
    return ((element if inner is None else inner).text or "").strip()


def _word(element, name):
    return (element.findtext(name) or "").strip()


_REQUIRED = object()


def _number(element, name, otherwise=_REQUIRED):
    text = element.findtext(name)
    if text is None and otherwise is not _REQUIRED:
        return otherwise
    return _as_number(name, text or "")


def _as_number(name, text):
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise _BadValue(f"<{name}>{text[:40]}</{name}>: want a number")
    return int(text, 16 if text.startswith("0x") else 10)
