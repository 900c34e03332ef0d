# SPDX-License-Identifier: GPL-2.0-or-later
"""--trace: neither the program nor a program that it executes sees the descriptor of the trace."""

import re

import pytest

from harness import place, run, trace

OPTIONS = ["-q", "--trace=run.trace", "--print-summary=no"]

# Prints the descriptors that are open below the limit of the process, one a line: "3 /path".  Under
# Valgrind the file of --log-file is among them.
LISTER = """#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
static void list_open(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  for (int fd = 0; fd < (int)limit.rlim_max; fd++) {
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t bytes = readlink(name, path, sizeof path);
    if (bytes >= 0) printf("%d %.*s\\n", fd, (int)bytes, path);
  }
  fflush(stdout);
}
"""

# The ways in which a program can run another one.
WAYS = {
    "execve": "execve(other, (char*[]){other, NULL}, environ);",
    "fexecve": "fexecve(open(other, O_RDONLY | O_CLOEXEC), (char*[]){other, NULL}, environ);",
    "fork": """if (fork() == 0) {
    execve(other, (char*[]){other, NULL}, environ);
    _exit(1);
  }
  wait(NULL);""",
    "vfork": """if (vfork() == 0) {
    execve(other, (char*[]){other, NULL}, environ);
    _exit(1);
  }
  wait(NULL);""",
    "posix_spawn": """posix_spawn(&(pid_t){0}, other, NULL, NULL, (char*[]){other, NULL}, environ);
  wait(NULL);""",
}

HEAD = """#include "guest.h"
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
char other[] = "./other";
char** nowhere = (char**)8;
"""


def stored(file):
    """RETURNS: the bytes stored in the run of a complete trace."""
    records, is_cut = trace.read(file.read_bytes())
    trace.check(records)
    assert not is_cut and records[-1].kind == "End"
    return b"".join(r.data for r in records if r.kind == "Store")


def test_the_program_has_the_same_descriptors_as_without_a_trace(guest, pmemcheck):
    program = guest(LISTER + """#include <fcntl.h>
int main(void) {
  for (int i = 0; i < 3; i++) printf("%d\\n", open("/dev/null", O_RDONLY));
  list_open();
}""")
    traced = pmemcheck([program], options=["--trace=run.trace"])
    assert traced.status == 0 and traced.stdout.count("/dev/null") == 3, traced
    plain = pmemcheck([program])
    assert re.sub(r"pipe:.*", "pipe", traced.stdout) == re.sub(r"pipe:.*", "pipe", plain.stdout)


@pytest.mark.parametrize("name", ["run.trace", "run.%p.trace"])
@pytest.mark.parametrize("before", ["", "PM(char, 0) = 'a';"], ids=["idle", "stored"])
@pytest.mark.parametrize("way", WAYS)
def test_another_program_gets_no_descriptor_of_the_trace(guest, pmemcheck, tmp_path, way, before,
                                                         name):
    guest(LISTER + "int main(void) { list_open(); }", "other")
    program = guest(f"{HEAD}int main(void) {{\n  pm_open(4096);\n  {before}\n  {WAYS[way]}\n  END();\n}}")
    done = pmemcheck([program], options=[*OPTIONS, f"--trace={name}"])
    assert done.status == 0 and done.stdout.startswith("0 "), done
    assert ".trace" not in done.stdout, done
    traces = [stored(file) for file in tmp_path.glob("run.*trace")]
    assert (b"a" in traces) == bool(before)
    assert len(traces) == (2 if "%p" in name and "wait" in WAYS[way] else 1)


NOT_A_PROGRAM = bytes(range(1, 200))

FAILING = {
    "bad-format": "execve(other, (char*[]){other, NULL}, environ)",
    "bad-format-at": "syscall(SYS_execveat, AT_FDCWD, other, (char*[]){other, NULL}, environ, 0)",
    "bad-arguments": 'execve("/bin/true", nowhere, environ)',
}


def failing(*lines):
    """RETURNS: a program that stores a, then runs these lines: two calls that fail, and stores of b and c."""
    body = "\n  ".join(lines)
    return f"""{HEAD}#include <sys/syscall.h>
int main(void) {{
  pm_open(4096);
  PM(char, 0) = 'a';
  {body}
  END();
}}"""


@pytest.fixture
def bad_program(tmp_path):
    (tmp_path / "other").write_bytes(NOT_A_PROGRAM)
    (tmp_path / "other").chmod(0o755)


@pytest.mark.parametrize("call", FAILING.values(), ids=FAILING)
def test_the_trace_continues_after_an_exec_that_failed(guest, pmemcheck, bad_program, tmp_path, call):
    program = guest(failing(
        f"if ({call} != -1) return 1;",
        "PM(char, 1) = 'b';",
        f"if ({call} != -1) return 1;",
        "PM(char, 2) = 'c';",
        'printf("%d\\n", open("/dev/null", O_RDONLY));',
        "fflush(stdout);"))
    done = pmemcheck([program], options=OPTIONS)
    assert (done.status, done.log) == (0, ""), done
    assert done.stdout == pmemcheck([program]).stdout
    assert stored(tmp_path / "run.trace") == b"abc"


@pytest.mark.parametrize("change", ['rename("run.trace", "old.trace")',
                                    'rename("run.trace", "old.trace") || creat("run.trace", 0600) < 0'],
                         ids=["gone", "another"])
def test_the_trace_ends_at_a_failed_exec_if_its_file_is_gone(guest, pmemcheck, bad_program, tmp_path,
                                                          change):
    program = guest(failing(f"if ({change}) return 1;", FAILING["bad-format"] + ";",
                            "PM(char, 1) = 'b';", FAILING["bad-format"] + ";", "PM(char, 2) = 'c';"))
    done = pmemcheck([program], options=OPTIONS)
    assert done.status == 0 and done.log.count("Warning: ") == 1, done
    assert f"{tmp_path}/run.trace cannot be opened again after an exec that failed" in done.log
    assert stored(tmp_path / "old.trace") == b"a"
    if change.endswith("< 0"):
        assert (tmp_path / "run.trace").read_bytes() == b""


# Both the soft and the hard limit, so that the core cannot raise the soft one.
@pytest.mark.parametrize("limit", [64, 1024])
def test_the_trace_continues_with_few_descriptors(guest, bad_program, tmp_path, limit):
    program = guest(failing(
        "int last = 0, fd;",
        'while ((fd = open("/dev/null", O_RDONLY)) >= 0) last = fd;',
        "struct rlimit limit;",
        "getrlimit(RLIMIT_NOFILE, &limit);",
        'printf("%d %d\\n", last, (int)limit.rlim_cur);',
        "fflush(stdout);",
        FAILING["bad-format"] + ";",  # the next free descriptor is one of the core's own
        "PM(char, 1) = 'b';",
        "close(5);",
        FAILING["bad-format"] + ";",
        "PM(char, 2) = 'c';",
        'if (open("/dev/null", O_RDONLY) != 5) return 2;',
        'if (close(last + 1) == 0 || close((int)limit.rlim_cur + 11) == 0) return 3;'))
    command = [place.VALGRIND, "--tool=pmemcheck", *OPTIONS, program]
    done = run.execute(["sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh", *command], tmp_path,
                       VALGRIND_LIB=str(place.VALGRIND_LIB))
    assert done.status == 0 and "Warning: /" not in done.stderr, done
    assert done.stdout == f"{limit - 13} {limit - 12}\n"
    assert stored(tmp_path / "run.trace") == b"abc"


def test_the_trace_continues_when_the_program_lowers_its_limit(guest, pmemcheck, bad_program, tmp_path):
    program = guest(failing(
        "struct rlimit limit;",
        "if (getrlimit(RLIMIT_NOFILE, &limit)) return 1;",
        "limit.rlim_cur = 4;",
        "if (setrlimit(RLIMIT_NOFILE, &limit)) return 2;",
        FAILING["bad-format"] + ";",
        "PM(char, 1) = 'b';"))
    done = pmemcheck([program], options=OPTIONS)
    assert (done.status, done.log) == (0, ""), done
    assert stored(tmp_path / "run.trace") == b"ab"
