# SPDX-License-Identifier: GPL-2.0-or-later
"""Ordinary programs behave under the tool as they do without it."""

import os
import shlex
import shutil

import pytest

from harness import place, run

TABLE = """
create table t (k integer primary key, v text);
begin;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
  insert into t select i, 'value ' || i * i from n;
commit;
create index by_value on t (v);
select count(*), sum(length(v)), max(v) from t;
select v from t where k % 500 = 0;
"""

PYTHON = """
import hashlib, json, sys, threading
words = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(500)]
seen = []
threads = [threading.Thread(target=seen.append, args=(w,)) for w in words[:20]]
for t in threads: t.start()
for t in threads: t.join()
print(len(json.dumps(sorted(words))), sorted(seen)[0])
print('to stderr', file=sys.stderr)
sys.exit(4)
"""

SOURCE = """
#include <stdio.h>
int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
int main(void) { printf("%d\\n", fibonacci(20)); return unknown; }
"""

PROGRAMS = {
    "ls": ["ls", "-la", "/usr/share/doc/libpmem-dev", "/does/not/exist"],
    "python": ["/usr/bin/python3", "-S", "-c", PYTHON],
    "sqlite": ["sqlite3", "table.db"],
    "gcc": [*shlex.split(place.CC), "-O2", "-Wall", "-c", "source.c"],
    "exit status": ["/bin/sh", "-c", "echo out; echo err >&2; exit 3"],
    "killed by a signal": ["/bin/sh", "-c", "echo before; kill -TERM $$; echo after"],
    "killed by SIGSEGV": ["/usr/bin/python3", "-S", "-c",
                          "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"],
    "a shell and its pipe": ["/bin/sh", "-c", "seq 999 | sort -R | sort -n | tail -2 | tr 9 x"],
    "a large copy": ["dd", "if=/dev/zero", "of=zeros", "bs=64k", "count=64", "status=none"],
    "no such program": ["/does/not/exist/either"],
}
STDIN = {"sqlite": TABLE}


@pytest.mark.parametrize("name", [n for n in PROGRAMS if n != "no such program"])
@pytest.mark.parametrize("options", [[], ["--trace-children=yes"]], ids=["one process", "--trace-children"])
def test_a_program_runs_as_without_the_tool(tmp_path, name, options):
    argv = PROGRAMS[name]
    if shutil.which(argv[0]) is None:
        pytest.skip(f"no {argv[0]} here")
    ran = []
    for directory in ("native", "tool"):
        here = tmp_path / directory
        here.mkdir()
        (here / "source.c").write_text(SOURCE)
        # The output must not depend on when and where the programs run.
        os.utime(here / "source.c", (0, 0))
    ran.append(run.execute(argv, tmp_path / "native", STDIN.get(name, "")))
    # %p, because with --trace-children there is more than one process.
    ran.append(run.under_valgrind(argv, tmp_path / "tool", options=options, log="log.%p",
                                  stdin=STDIN.get(name, "")))
    alone, under = ran
    assert (under.status, under.stdout, under.stderr) == (alone.status, alone.stdout, alone.stderr)
    for made in (tmp_path / "native").iterdir():
        if made.suffix not in (".o", ".db"):
            continue
        assert (tmp_path / "tool" / made.name).read_bytes() == made.read_bytes(), made.name


def test_volatile_programs_have_nothing_to_report(pmemcheck):
    done = pmemcheck(["/bin/ls", "/"])
    (at_exit,) = done.parsed().reports
    assert at_exit.lost == [] and at_exit.errors == 0


def test_a_missing_program_exits_with_127(pmemcheck):
    done = pmemcheck(PROGRAMS["no such program"])
    assert done.status == 127, done
