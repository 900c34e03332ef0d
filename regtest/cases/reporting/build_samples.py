# SPDX-License-Identifier: GPL-2.0-or-later
"""build_samples.py: makes XML files for the tests, in the form that the tool writes."""

from xml.sax.saxutils import escape

# Names that would be markup, escapes or paths if they were not treated as text.
NAMES = ["operator<", "a & b", "\"double\" 'single'", "</script><script>alert(1)</script>", "<!--<script>",
         "]]>", "@@data@@", "${x}`", "\\u003c", "naïve 名前 🐍", "\u202eright to left", "\u009b31mred",
         "a b/c d", "line\u2028separator", "%s %n {0}"]

HEAD = """<?xml version="1.0"?>

<valgrindoutput>

<protocolversion>4</protocolversion>
<protocoltool>{tool}</protocoltool>

<preamble>
  <line>pmemcheck-1.0, a simple persistent store checker</line>
  <line>Command: {command}</line>
</preamble>

<pid>{pid}</pid>
<ppid>1</ppid>
<tool>{tool}</tool>

<args>
  <vargv>
    <exe>/usr/bin/valgrind</exe>
    <arg>--tool=pmemcheck</arg>
  </vargv>
  <argv>
{argv}
  </argv>
</args>

<status>
  <state>RUNNING</state>
  <time>00:00:00:00.044 </time>
</status>

"""
TAIL = """<status>
  <state>FINISHED</state>
  <time>00:00:00:01.044 </time>
</status>

<errorcounts>
</errorcounts>

<suppcounts>
</suppcounts>

</valgrindoutput>
"""


def elements(indent, **given):
    return "".join(f"{indent}<{name}>{escape(str(value))}</{name}>\n"
                   for name, value in given.items() if value is not None)


def frame(fn=None, file=None, line=None, *, ip="0x1091A1", obj="/home/user/app", dir=None):
    return ("    <frame>\n" + elements("      ", ip=ip, obj=obj, fn=fn, dir=dir, file=file, line=line)
            + "    </frame>\n")


def stack(*frames):
    return "  <stack>\n" + "".join(frames) + "  </stack>\n"


def error(kind="NotPersisted", frames=None, what="8 bytes at 0x5200000 were stored and never flushed",
          more="", before="", **details):
    """more: XML after the stack; details: the children of <pmemcheck>."""
    frames = [frame("record", "app.c", 19, dir="/home/user")] if frames is None else frames
    given = {"address": "0x5200000", "size": 8, "state": "DIRTY", **details}
    return ("<error>\n  <unique>0x0</unique>\n  <tid>1</tid>\n" + before
            + elements("  ", kind=kind, what=what) + stack(*frames) + more
            + "  <pmemcheck>\n" + elements("    ", **given) + "  </pmemcheck>\n</error>\n\n")


def mapping(base=0x5200000, size=4096, file="/tmp/pool", offset=0):
    return ("  <mapping>\n" + elements("    ", base=hex(base), size=size, file=file,
                                       offset=offset if file else None) + "  </mapping>\n")


def run(*errors, argv=("./app", "x"), pid=4711, tool="pmemcheck", mappings=None):
    """RETURNS: the XML of a whole run."""
    words = [f"    <exe>{escape(argv[0])}</exe>"] + [f"    <arg>{escape(a)}</arg>" for a in argv[1:]]
    mappings = mapping() if mappings is None else mappings
    return (HEAD.format(tool=tool, pid=pid, command=escape(" ".join(argv)), argv="\n".join(words))
            + "".join(errors) + f"<pmem>\n{mappings}</pmem>\n\n" + TAIL)


def many(number, depth=8, pages=4096):
    """RETURNS: the XML of a run with this number of findings, each at its own place."""
    kinds = ["NotPersisted", "Overwritten", "RedundantFlush", "OutsideTransaction", "UnnecessaryFlush"]
    errors = []
    for index in range(number):
        module = f"module_{index % 97}"
        frames = [frame(f"{module}_step_{(index * 7 + level) % 211}", f"{module}.c",
                        index // 7 + level * 40 + 1, ip=hex(0x109000 + index * 16 + level),
                        dir=f"/home/user/project/{module}")
                  for level in range(depth)]
        fence = "  <auxwhat>The first fence after it was here</auxwhat>\n" + stack(*frames[2:])
        address = 0x5200000 + (index * 2654435761 % (pages * 64)) * 64
        errors.append(error(kinds[index % len(kinds)], frames, f"8 bytes at {address:#x} were stored",
                            fence if index % 2 else "", address=hex(address),
                            state=("DIRTY", "FLUSHED")[index % 2],
                            file="/mnt/pmem/pool", offset=address - 0x5200000))
    return run(*errors, mappings=mapping(size=pages * 4096, file="/mnt/pmem/pool"))
