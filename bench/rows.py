# SPDX-License-Identifier: GPL-2.0-or-later
"""The measured programs, and how to build them."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from measure import Job, place

# The regressions build the same maps.
sys.path.append(str(place.SOURCE / "regtest" / "cases" / "pmdk"))
from example_table import MAP_DIRECTORIES, MAP_SOURCES, STAND_INS

WORKLOADS = place.SOURCE / "bench" / "workloads"
MAP_EXAMPLES = Path("/usr/share/doc/libpmemobj-dev/examples")
MAPS = ("btree", "ctree", "rbtree", "hashmap_tx", "hashmap_atomic", "skiplist")
OF_LIBPMEMOBJ = ("pool", "map")  # the others need only libpmem


class Unavailable(Exception):
    """Something is not installed; the text names it."""


@dataclass(frozen=True)
class Row:
    name: str
    make: object  # (bin directory) -> Job; raises Unavailable


@dataclass(frozen=True)
class Group:
    title: str
    names: tuple  # that select it on the command line
    rows: tuple


# ---- workloads -----------------------------------------------------------------------------------

def build(name, bin_directory):
    """Compiles bench/workloads/NAME.c.  RETURNS: the program."""
    library = "libpmemobj" if name in OF_LIBPMEMOBJ else "libpmem"
    flags = ["-std=gnu17", "-O2", "-g", "-pthread", f"-I{place.SOURCE / 'include'}"]
    sources = [WORKLOADS / f"{name}.c"]
    if name == "map":
        if not (MAP_EXAMPLES / "map" / "map.c").is_file():
            raise Unavailable(f"no {MAP_EXAMPLES}/map/map.c: libpmemobj-dev contains it")
        (bin_directory / "ex_common.h").write_text(STAND_INS["ex_common.h"])
        sources += [MAP_EXAMPLES / source for source in MAP_SOURCES.split()]
        flags += ["-w", f"-I{bin_directory}",
                  *(f"-I{MAP_EXAMPLES / d}" for d in MAP_DIRECTORIES.split())]
    else:
        flags += ["-Wall", "-Wextra"]
    program = bin_directory / name
    _compile([*flags, *_pkg_config(library, "--cflags"), "-o", program, *sources,
              *_pkg_config(library, "--libs"), *_pkg_config("libpmem", "--libs")])
    return program


def _pkg_config(library, what):
    program = os.environ.get("PKG_CONFIG") or "pkg-config"
    try:
        asked = subprocess.run([program, what, library], capture_output=True, text=True)
    except FileNotFoundError:
        raise Unavailable(f"no program {program}") from None
    if asked.returncode != 0:
        raise Unavailable(f"{program} does not know {library}: install {library}-dev")
    return shlex.split(asked.stdout)


def _compile(arguments):
    command = [*shlex.split(place.CC), *map(str, arguments)]
    if subprocess.run(command).returncode != 0:
        sys.exit(f"bench.py: this failed: {shlex.join(command)}")


def workload(name, *arguments):
    """RETURNS: a function that makes the job `name arguments`."""
    def make(bin_directory):
        if name not in make.built:
            make.built[name] = build(name, bin_directory)
        return Job((str(make.built[name]), *map(str, arguments)))

    make.built = _built
    return make


_built = {}  # name -> program: each is built once in a run, so none is out of date


# ---- programs that are installed -----------------------------------------------------------------

# Inserts, an index and a sorting query.
SQL = """
CREATE TABLE numbers (id INTEGER PRIMARY KEY, value INTEGER, name TEXT);
BEGIN;
WITH RECURSIVE count(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < 30000)
INSERT INTO numbers SELECT i, i * 7919 % 30011, 'number ' || i FROM count;
COMMIT;
CREATE INDEX by_value ON numbers (value);
SELECT sum(value), max(name) FROM (SELECT * FROM numbers ORDER BY name DESC LIMIT 10000);
"""

SCRIPT = """
words = [f"word{i * 7919 % 10007}" for i in range(40000)]
counts = {}
for word in words:
    counts[word] = counts.get(word, 0) + 1
lines = sorted(f"{count} {word}" for word, count in counts.items())
print(len("\\n".join(lines)))
"""


def _sqlite3(_):
    return Job((_installed("sqlite3"), "filled.db"), stdin=SQL)


def _gcc(_):
    # cc1 and as do the work.
    return Job((*shlex.split(place.CC), "-O2", "-c", "-o", "object.o",
                f"-I{place.SOURCE / 'include'}", str(WORKLOADS / "volatile.c")), children=True)


def _python3(_):
    return Job((sys.executable, "-I", "-c", SCRIPT))


def _installed(program):
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"no program {program}")
    return path


KEYS = 20000


def _memcached(_):
    """RETURNS: the job of a memcached with its slabs in persistent memory."""
    command = shlex.split(os.environ.get("BENCH_MEMCACHED", ""))
    if not command:
        path = shutil.which("memcached")
        if path is None or "pslab_file" not in subprocess.run(
                [path, "-h"], capture_output=True, text=True).stdout:
            raise Unavailable("no memcached with pslab_file; name one in BENCH_MEMCACHED")
        command = [path, "-m", "0", "-o", "pslab_file=pool,pslab_size=1,pslab_force"]
    if os.getuid() == 0:
        command += ["-u", "root"]
    return Job((*command, "-s", "socket"), client=_talk_to_memcached)


def _talk_to_memcached(directory, process):
    """Sets KEYS keys, gets them, and ends the server."""
    with _connect(directory / "socket", process) as server, server.makefile("rwb") as stream:
        for i in range(KEYS):
            stream.write(b"set key%d 0 0 64\r\n%064d\r\n" % (i, i))
            stream.flush()
            if stream.readline() != b"STORED\r\n":
                raise OSError(f"key{i} was not stored")
        for i in range(KEYS):
            stream.write(b"get key%d\r\n" % i)
            stream.flush()
            if stream.readline().startswith(b"VALUE"):
                stream.readline()
                stream.readline()
    process.send_signal(signal.SIGINT)


def _connect(path, process):
    """RETURNS: a socket, as soon as the process listens at `path`."""
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(str(path))
            return client
        except OSError:
            client.close()
            time.sleep(0.01)
    raise OSError("the server ended before it listened on its socket")


# ---- the tables ----------------------------------------------------------------------------------

def _maps(keys):
    return tuple(Row(name, workload("map", name, keys)) for name in MAPS)


PROGRAMS = Group("volatile programs", ("programs",), (
    Row("volatile", workload("volatile")), Row("sqlite3", _sqlite3), Row("gcc", _gcc),
    Row("python3", _python3)))
MICRO = Group("micro workloads", ("micro",), (
    Row("persist", workload("persist")), Row("copy", workload("copy")),
    Row("scattered", workload("scattered")), Row("range", workload("range")),
    Row("range_flushed", workload("range_flushed")), Row("append", workload("append")),
    Row("outstanding", workload("outstanding")), Row("pool", workload("pool"))))
MAPS_8K = Group("maps of libpmemobj, 8,000 keys", ("maps", "maps-8k"), _maps(8000))
MAPS_30K = Group("maps of libpmemobj, 30,000 keys", ("maps", "maps-30k"), _maps(30000))
MEMCACHED = Group("memcached with its slabs in persistent memory", (), (
    Row("memcached", _memcached),))
