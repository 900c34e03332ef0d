# SPDX-License-Identifier: GPL-2.0-or-later
"""PMDK's example programs: their sources, and how to run them.

Debian's -dev packages install the sources; they are built as their Makefiles say.  STAND_INS replaces
the files that the sources include and that no package installs: ex_common.h, and headers of libraries
that the programs replace.
"""

from dataclasses import dataclass, field

MAPS = ("ctree", "btree", "rtree", "rbtree", "hashmap_atomic", "hashmap_tx", "hashmap_rp",
        "skiplist")

STAND_INS = {
    "ex_common.h": """
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#define CREATE_MODE_RW (S_IWUSR | S_IRUSR)
static inline int file_exists(const char *path) { return access(path, F_OK); }
static inline int find_last_set_64(uint64_t x) { return 63 - __builtin_clzll(x); }
#define MIN(a, b) ((a) < (b) ? (a) : (b))
""",
    "libpmemlog.h": "#include <sys/uio.h>\ntypedef struct pmemlog PMEMlogpool;\n",
    "libpmemblk.h": "typedef struct pmemblk PMEMblkpool;\n",
    # Creates a pool for an example that only opens one, in place of PMDK's command line tool.
    "make_pool.c": """
#include <libpmemobj.h>
int main(int argc, char **argv) {
	PMEMobjpool *pop = argc == 3 ? pmemobj_create(argv[1], argv[2], PMEMOBJ_MIN_POOL, 0600) : 0;
	if (!pop) return 1;
	pmemobj_close(pop);
	return 0;
}
""",
}


@dataclass
class Example:
    """Programs that run one after the other in a directory of their own."""

    # (sources, runs) of each program.  Sources are relative to the package's examples directory, or
    # names in STAND_INS.  A run is (arguments, standard input).
    programs: list
    libs: str = "pmemobj pmem pthread m"
    includes: str = ""
    cflags: str = "-O1"
    files: dict = field(default_factory=dict)  # made before the runs: name -> size, or text
    package: str = "libpmemobj-dev"
    replace: tuple = ()  # (text, other text) in the sources, such as a path that does not exist here
    vary: str = ""  # a pattern of output that differs from run to run
    # Findings that are right: kind -> a pattern that is found in the stack of each.
    leaves: dict = field(default_factory=dict)


def obj(sources, runs, **more):
    return Example([(sources, runs)], **more)


def pmem(name, runs, **more):
    return obj(f"{name}.c", runs, libs="pmem pthread", package="libpmem-dev", **more)


def pmem2(name, runs, **more):
    return obj(f"{name}/{name}.c", runs, libs="pmem2 pthread", package="libpmem2-dev", **more)


def _map_runs(kind):
    commands = "i 5\ni 7\nc 5\nc 6\nr 5\nr 99\nc 5\nx\ni\np\nn 60\np\nd\n"
    commands += "b\np\nh\nq\n" if kind.startswith("hashmap") else "h\nq\n"
    return [([kind, "pool", "42"], commands), ([kind, "pool", "43"], "p\nr 7\nn 20\np\nq\n")]


def _store(directory):
    return Example([(f"{directory}/writer.c", [(["pool"], "text\n"), (["pool"], "text\n")]),
                    (f"{directory}/reader.c", [(["pool"], ""), (["nowhere"], ""), ([], "")])])


_LOG = [(["c", "pool", "a:first", "a:second", "v:third:fourth", "n", "t", "w"], ""),
        (["o", "pool", "a:fifth", "w", "r", "t", "x"], "")]
_MAPPED_PATH = ('"/pmem-fs/myfile"', '"myfile"')
MAP_SOURCES = " ".join(
    ["map/map.c"] + [f"map/map_{kind}.c" for kind in MAPS]
    + [f"tree_map/{kind}_map.c" for kind in ("ctree", "btree", "rtree", "rbtree")]
    + ["list_map/skiplist_map.c"]
    + [f"hashmap/hashmap_{kind}.c" for kind in ("atomic", "tx", "rp")])
MAP_DIRECTORIES = ". hashmap tree_map list_map map"
_SOME_TEXT = "persistent memory\n" * 1000

EXAMPLES = {
    # ---- libpmem
    "libpmem/manpage": pmem("manpage", [([], "")], replace=(_MAPPED_PATH,)),
    "libpmem/simple_copy": pmem("simple_copy", [(["from", "to"], ""), (["from", "to"], "")],
                                files={"from": _SOME_TEXT[:3000]}),
    "libpmem/full_copy": pmem("full_copy", [(["from", "to"], ""), (["from", "nowhere/to"], "")],
                              files={"from": _SOME_TEXT}),
    # ---- libpmem2
    "libpmem2/basic": pmem2("basic", [(["file"], ""), ([], "")], files={"file": 1 << 20}),
    "libpmem2/advanced": pmem2("advanced", [(["file", "5000", "6000"], "")],
                               files={"file": 4 << 20}),
    "libpmem2/log": pmem2(
        "log", [(["log", "append", "one", "append", "two", "dump"], ""),
                (["log", "appendv", "3", "a", "bb", "ccc", "dump", "rewind", "dump"], ""),
                (["log", "append", "again", "dump"], ""), (["help"], "")], files={"log": 8 << 20}),
    "libpmem2/redo": pmem2(
        "redo", [(["add", "pool", "1", "10", "2", "20", "3", "30"], ""), (["print", "pool"], ""),
                 (["check", "pool"], ""), (["dump", "pool"], ""),
                 (["add", "pool", "2", "25"], ""), (["print", "pool"], "")],
        files={"pool": 1 << 20}),
    "libpmem2/ringbuf": pmem2("ringbuf", [(["file", "64", "20"], "")], files={"file": 8 << 20},
                              vary=r"[0-9.]+|inf",
                              # It writes a byte to each page to allocate it, and does not flush it.
                              leaves={"lost": r"ringbuf\.c"}),
    "libpmem2/map_multiple_files": pmem2(
        "map_multiple_files", [(["a", "b", "c"], ""), ([], ""), (["a", "odd"], "")],
        files={"a": 2 << 20, "b": 2 << 20, "c": 4 << 20, "odd": 1000}),
    "libpmem2/unsafe_shutdown": pmem2(
        "unsafe_shutdown", [(["write", "file", "text"], ""), (["read", "file"], ""), ([], "")],
        # pool_clear_flag() relies on pmem2_deep_flush(), which makes no client request.
        files={"file": 1 << 20}, leaves={"lost": r"unsafe_shutdown\.c"}),
    # ---- libpmemobj
    "btree": obj("btree.c", [(["pool", "i", "5", "five"], ""), (["pool", "i", "2", "two"], ""),
                                 (["pool", "i", "9", "nine"], ""), (["pool", "f", "2"], ""),
                                 (["pool", "f", "3"], ""), (["pool", "p"], "")]),
    "lists": obj("lists.c", [(["pool", "0", "foo", "7"], ""), (["pool", "0", "bar", "8"], ""),
                                 (["pool", "1", "foo", "9"], ""),
                                 (["pool", "0", "foo", "print"], ""),
                                 (["pool", "0", "bar", "print"], "")]),
    "manpage": obj("manpage.c", [([], "")],
                       replace=(_MAPPED_PATH, ("1 << 30", "1 << 25"))),
    "pi": obj("pi.c", [(["pool", "calc", "4", "1000"], ""), (["pool", "print"], ""),
                           (["pool", "todo"], ""), (["pool", "finish"], "")]),
    "buffons_needle_problem": obj("buffons_needle_problem.c", [(["pool", "50"], ""), ([], "")]),
    "slab_allocator": obj("slab_allocator/main.c slab_allocator/slab_allocator.c",
                              [(["pool"], ""), (["pool"], "")]),
    "fifo": obj("linkedlist/fifo.c",
                    [(["pool", "insert", "a"], ""), (["pool", "insert", "b"], ""),
                     (["pool", "print"], ""), (["pool", "remove"], ""), (["pool", "print"], ""),
                     (["pool", "remove"], ""), (["pool", "remove"], "")]),
    "obj_pmemblk": obj("pmemblk/obj_pmemblk.c",
                           [(["c", "pool", "512", "w:3:data", "r:3", "z:3", "r:3", "e:4", "n"], ""),
                            (["o", "pool", "512", "r:3", "w:9:more", "r:9"], "")]),
    "obj_pmemlog": obj("pmemlog/obj_pmemlog.c", _LOG),
    "obj_pmemlog_macros": obj("pmemlog/obj_pmemlog_macros.c", _LOG),
    "obj_pmemlog_minimal": obj("pmemlog/obj_pmemlog_minimal.c", _LOG),
    # In a transaction it appends beyond the end of the log, to memory that was not added because it
    # needs no undo.
    "obj_pmemlog_simple": obj("pmemlog/obj_pmemlog_simple.c", _LOG,
                              leaves={"outside-tx": "pmemlog_append"}),
    "string_store": _store("string_store"),
    "string_store_tx": _store("string_store_tx"),
    "string_store_tx_type": _store("string_store_tx_type"),
    "queue": Example([("make_pool.c", [(["pool", "queue"], "")]),
                      ("queue/queue.c",
                       [(["pool", "new", "2"], ""), (["pool", "enqueue", "one"], ""),
                        (["pool", "enqueue", "two"], ""), (["pool", "show"], ""),
                        (["pool", "enqueue", "three"], ""), (["pool", "dequeue"], ""),
                        (["pool", "show"], ""), (["pool"], "")])]),
    "arttree": Example(
        [("libart/arttree.c libart/art.c",
          [(["-m", "f", "-n", "3", "pool"], "key\nvalue\nkeys\nother\nkit\nthird\n"),
           (["-m", "i", "kick:fourth", "pool"], ""), (["-m", "d", "pool"], ""),
           (["-m", "s", "keys", "pool"], ""), (["-m", "r", "key", "pool"], ""),
           (["-m", "d", "pool"], ""), (["-m", "g", "pool"], ""), ([], "")]),
         ("libart/arttree_structures.c libart/arttree_examine.c libart/arttree_search.c",
          [(["pool", "structures"], ""), (["pool", "info"], ""),
           (["pool"], "help\ninfo\nstructures\nquit\n")])],
        cflags="-O1 -Wl,--allow-multiple-definition"),
}
# A pool that is opened again collects unused chunks (heap_reclaim_zone_garbage) when it first frees an
# object, even inside a transaction, and does not add the chunk headers to it.
_RECLAIMS = {"outside-tx": r"pmemobj_tx_\w*(free|alloc)"}
for _kind in MAPS:
    # mapcli crashes with ctree even without the tool: it inserts null objects and asks for their type.
    if _kind != "ctree":
        EXAMPLES[f"mapcli {_kind}"] = obj(f"map/mapcli.c {MAP_SOURCES}", _map_runs(_kind),
                                          includes=MAP_DIRECTORIES)
    # data_store does not support rtree.
    if _kind != "rtree":
        EXAMPLES[f"data_store {_kind}"] = obj(f"map/data_store.c {MAP_SOURCES}",
                                              [([_kind, "pool", "60"], "")] * 2,
                                              includes=MAP_DIRECTORIES, leaves=_RECLAIMS)

# The other programs of the packages, and why they do not run here.
LEFT_OUT = {
    "setjmp.c": "shows undefined behaviour: it frees pointers that it never set",
    "pminvaders/pminvaders.c": "a game: needs a terminal",
    "pminvaders/pminvaders2.c": "a game: needs a terminal",
    "pmemobjfs/pmemobjfs.c": "a file system: needs FUSE",
    "map/kv_server.c": "a network server: needs libuv, and clients",
}
