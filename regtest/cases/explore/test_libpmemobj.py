# SPDX-License-Identifier: GPL-2.0-or-later
"""PMDK's maps and lists, crashed at every point: consistent as they are, and not with a line removed."""

import sys
from pathlib import Path

import pytest

from harness import explored, place, run

sys.path.append(str(place.SOURCE / "regtest" / "cases" / "pmdk"))
from mapcli import ROOT, build_mapcli  # noqa: E402

# Runs the program itself to print the keys of a map, and checks that they are the first ones of those
# that were inserted.
WALK = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  int in[2], out[2], status;
  if (argc != 4 || pipe(in) || pipe(out) || write(in[1], "p\nq\n", 4) != 4) return 99;
  close(in[1]);
  pid_t child = fork();
  if (child == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    close(out[0]);
    close(out[1]);
    execl(argv[1], argv[1], argv[2], argv[3], "42", NULL);
    _exit(98);
  }
  close(out[1]);
  FILE* printed = fdopen(out[0], "r");
  char line[1000], keys[1000] = "";
  while (fgets(line, sizeof line, printed))
    if (line[strspn(line, "0123456789 \n")] == 0) strcat(keys, line);
  if (waitpid(child, &status, 0) != child || status != 0) return printf("it died\n"), 1;
  int seen = 0;
  for (char* word = strtok(keys, " \n"); word; word = strtok(NULL, " \n")) {
    int key = atoi(word);
    if (key < 1 || key > 2 || (seen & 1 << key)) return printf("key %s\n", word), 1;
    seen |= 1 << key;
  }
  if (seen == 0 || seen == 4 || seen == 6) return 0;
  return printf("keys %x\n", seen), 1;
}
"""


def build(directory, file=None, old="", new=""):
    """Builds mapcli, with `old` in one of its files replaced by `new`."""
    replaced = {}
    if file:
        text = (ROOT / file).read_text()
        assert text.count(old) == 1, f"{file} has {text.count(old)} of {old}"
        wrong = directory / Path(file).name
        wrong.write_text(text.replace(old, new))
        replaced[file] = wrong
    return build_mapcli(directory, replaced)


def record(program, kind, commands, directory):
    """Creates a pool, and records what these commands do to it."""
    run.execute([program, kind, "pool", "42"], directory, stdin="q\n", **explored.ENV)
    done = run.execute([place.COMMAND, "-q", "--print-summary=no", "--trace=run.trace", program,
                        kind, "pool", "42"], directory, stdin=commands, **explored.ENV)
    assert done.status == 0, done


def check(directory, *command, options=()):
    return explored.report(explored.explore(directory, "run.trace", "--check", " ".join(command),
                                            *options))


def walk(directory, program, kind):
    walker = directory / "walk"
    if not walker.exists():
        (directory / "walk.c").write_text(WALK)
        run.build(directory / "walk.c", walker)
    return check(directory, str(walker), str(program), kind, "{}",
                 options=["--max-states=20", "--random-states=0", "--max-reductions=3"])


KINDS = ["btree", "rbtree", "hashmap_tx", "hashmap_atomic", "skiplist"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_map_of_pmdk_survives_a_power_failure_at_any_point(tmp_path, kind):
    program = build(tmp_path)
    record(program, kind, "i 2\ni 1\nq\n", tmp_path)
    report = walk(tmp_path, program, kind)
    assert report.failed == 0 and report.points > 8, report
    report = check(tmp_path, "pmempool check {}", options=["--max-states=50", "--random-states=0"])
    assert report.failed == 0 and report.checked > 50, report


# A line of a source that is removed; the failure must name that file.
PLANTED = {
    "hashmap_tx-add": ("hashmap_tx", "hashmap/hashmap_tx.c",
                       "TX_ADD_FIELD(D_RO(hashmap)->buckets, bucket[h]);\n"
                       "\t\tTX_ADD_FIELD(hashmap, count);\n\n\t\tTOID(struct entry) e",
                       "TX_ADD_FIELD(hashmap, count);\n\n\t\tTOID(struct entry) e"),
    "skiplist-add": ("skiplist", "list_map/skiplist_map.c",
                     "TX_ADD_FIELD(path[current_level], next[current_level]);", ""),
    "btree-add": ("btree", "tree_map/btree_map.c",
                  "TX_ADD(node);\n\tif (D_RO(node)->items[p].key != 0) {\n"
                  "\t\tmemmove(&D_RW(node)->items[p + 1], &D_RW(node)->items[p],\n"
                  "\t\tsizeof(struct tree_map_node_item) * ((BTREE_ORDER - 2 - p)));\n\t}\n"
                  "\tbtree_map_insert_item_at", "btree_map_insert_item_at"),
    "rbtree-add": ("rbtree", "tree_map/rbtree_map.c",
                   "pmemobj_tx_add_range_direct(dst, sizeof(*dst));\n\t*dst = n;", "*dst = n;"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_range_that_a_map_does_not_log_is_found(tmp_path, name):
    kind, file, old, new = PLANTED[name]
    program = build(tmp_path, file, old, new)
    record(program, kind, "i 2\ni 1\nq\n", tmp_path)
    report = walk(tmp_path, program, kind)
    assert report.failed > 0, report
    named = [frame for cause in report.causes for what in ("kept", "lost")
             for frames in cause.places(what) for frame in frames]
    assert any(f"({Path(file).name}:" in frame for frame in named), report


LISTS = r"""
#include <libpmemobj.h>
#include <stdio.h>
#include <string.h>

POBJ_LAYOUT_BEGIN(test);
POBJ_LAYOUT_ROOT(test, struct root);
POBJ_LAYOUT_TOID(test, struct node);
POBJ_LAYOUT_END(test);

struct node {
  long value;
  char pad[64]; /* another line */
  long twice;
  POBJ_LIST_ENTRY(struct node) entry;
};
struct root {
  POBJ_LIST_HEAD(head, struct node) list;
  char pad[64];
  long count;
};

static int make(PMEMobjpool* pop, void* ptr, void* arg) {
  struct node* node = ptr;
  node->value = *(long*)arg;
  node->twice = 2 * node->value;
  PERSIST_NODE;
  return 0;
}

int main(int argc, char** argv) {
  PMEMobjpool* pop = pmemobj_open(argv[1], POBJ_LAYOUT_NAME(test));
  if (argc == 2 && !pop) pop = pmemobj_create(argv[1], POBJ_LAYOUT_NAME(test), PMEMOBJ_MIN_POOL, 0600);
  if (!pop) return printf("%s\n", pmemobj_errormsg()), 1;
  TOID(struct root) root = POBJ_ROOT(pop, struct root);
  if (argc > 2 && !strcmp(argv[2], "check")) {
    TOID(struct node) node;
    long length = 0;
    POBJ_LIST_FOREACH(node, &D_RW(root)->list, entry) {
      length++;
      if (D_RO(node)->twice != 2 * D_RO(node)->value) return printf("a node is broken\n"), 1;
    }
    if (D_RO(root)->count > length) return printf("%ld of %ld\n", length, D_RO(root)->count), 1;
    pmemobj_close(pop);
    return 0;
  }
  for (long value = 1; argc > 2 && value <= 3; value++) {
    COUNT_FIRST;
    if (OID_IS_NULL(POBJ_LIST_INSERT_NEW_HEAD(pop, &D_RW(root)->list, entry, sizeof(struct node),
                                              make, &value))) return 2;
    COUNT_LAST;
  }
  pmemobj_close(pop);
  return 0;
}
"""
PERSIST = "pmemobj_persist(pop, node, sizeof *node)"
COUNT = "D_RW(root)->count++; pmemobj_persist(pop, &D_RW(root)->count, sizeof(long))"


@pytest.mark.parametrize("persist,first,last,is_right", [
    (PERSIST, "", COUNT, True),
    (PERSIST, COUNT, "", False),  # counted before it is inserted
    ("", "", COUNT, False),       # never made durable
], ids=["right", "order", "persist"])
def test_a_list_of_libpmemobj_fails_only_with_a_bug(guest, tmp_path, persist, first, last, is_right):
    text = LISTS.replace("PERSIST_NODE", persist).replace("COUNT_FIRST", first)
    program = guest(text.replace("COUNT_LAST", last), libs=["pmemobj"],
                    cflags=["-Wno-error", "-w"])
    assert run.execute([program, "pool"], tmp_path, **explored.ENV).status == 0
    done = run.execute([place.COMMAND, "-q", "--print-summary=no", "--trace=run.trace", program,
                        "pool", "run"], tmp_path, **explored.ENV)
    assert done.status == 0, done
    report = check(tmp_path, str(program), "{}", "check", options=["--max-states=50", "--random-states=0",
                                                                 "--max-reductions=3"])
    assert (report.failed == 0) == is_right, report
    assert check(tmp_path, "pmempool check {}", options=["--max-states=50"]).failed == 0
