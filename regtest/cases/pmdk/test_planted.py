# SPDX-License-Identifier: GPL-2.0-or-later
"""Bugs planted in the source of PMDK's examples are reported with file and line.

Each bug leaves out the call that adds a range to the transaction.
"""

from pathlib import Path

import pytest
from mapcli import ROOT, build_mapcli

ENV = {"PMEM_IS_PMEM_FORCE": "1", "PMEMOBJ_CONF": "sds.at_create=0"}


class Bug:
    def __init__(self, file, added, stored, kind, commands):
        self.file = file
        self.added = added  # the text whose first statement is left out
        self.stored = stored  # the first line after it that stores to the range
        self.kind, self.commands = kind, commands  # of mapcli


BUGS = [
    Bug("tree_map/btree_map.c", "TX_ADD_FIELD(map, root);\n\tD_RW(map)->root = TX_ZNEW",
        "D_RW(map)->root = TX_ZNEW", "btree", "i 1\nq\n"),
    Bug("tree_map/rbtree_map.c", "pmemobj_tx_add_range_direct(dst, sizeof(*dst));\n\t*dst = n;",
        "*dst = n;", "rbtree", "i 1\nq\n"),
    Bug("hashmap/hashmap_tx.c", "TX_ADD_FIELD(D_RO(hashmap)->buckets, bucket[h]);\n"
        "\t\tTX_ADD_FIELD(hashmap, count);\n\n\t\tTOID(struct entry) e",
        "D_RW(buckets)->bucket[h] = e;", "hashmap_tx", "i 1\nq\n"),
    Bug("list_map/skiplist_map.c", "TX_ADD_FIELD(path[current_level], next[current_level]);",
        "D_RW(path[current_level])->next[current_level] = new_node;", "skiplist", "i 1\nq\n"),
]


def mapcli(directory, bug):
    """Builds mapcli with `bug`.  RETURNS: the program and the line of the wrong store."""
    text = (ROOT / bug.file).read_text()
    assert text.count(bug.added) == 1, f"{bug.file} has no {bug.added}"
    at = text.index(bug.added)
    statement = bug.added[:bug.added.index(";") + 1]
    text = text[:at] + ";" + text[at + len(statement):]
    line = text.count("\n", 0, text.index(bug.stored, at)) + 1
    wrong = directory / Path(bug.file).name
    wrong.write_text(text)
    return build_mapcli(directory, {bug.file: wrong}), line


@pytest.mark.skipif(not ROOT.is_dir(), reason="libpmemobj-dev is not installed with its examples")
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.kind)
def test_a_planted_bug_is_reported_at_its_line(tmp_path, pmemcheck, bug):
    program, line = mapcli(tmp_path, bug)
    done = pmemcheck([program, bug.kind, "pool", "42"], stdin=bug.commands, **ENV)
    (found,) = done.parsed().reports
    assert found.entries["outside-tx"], done
    # The transaction does not make durable what is not in it.
    assert set(found.found()) <= {"outside-tx", "lost"}, done
    places = {(e.frames[0].file, e.frames[0].line)
              for entries in found.entries.values() for e in entries}
    assert places == {(Path(bug.file).name, line)}, done


TX = r"""
#include <libpmemobj.h>
#include <stdio.h>

POBJ_LAYOUT_BEGIN(test);
POBJ_LAYOUT_ROOT(test, struct root);
POBJ_LAYOUT_TOID(test, struct node);
POBJ_LAYOUT_END(test);

struct node {
  long value;
  POBJ_LIST_ENTRY(struct node) entry;
};

struct root {
  long a, b, c;
  POBJ_LIST_HEAD(head, struct node) list;
  TOID(struct node) node;
};

static int make(PMEMobjpool* pop, void* ptr, void* arg) {
  struct node* node = ptr;
  node->value = *(long*)arg;
  pmemobj_persist(pop, &node->value, sizeof node->value);
  return 0;
}

int main(void) {
  PMEMobjpool* pop = pmemobj_create("pool", POBJ_LAYOUT_NAME(test), PMEMOBJ_MIN_POOL, 0600);
  if (!pop) return 1;
  TOID(struct root) root = POBJ_ROOT(pop, struct root);
  long value = 5;
  BODY
  pmemobj_close(pop);
  return 0;
}
"""
RIGHT = {
    "transaction": """
  TX_BEGIN(pop) {
    TX_ADD_FIELD(root, a);
    D_RW(root)->a = 1;
    TX_SET(root, b, 2);
    TX_BEGIN(pop) { TX_SET(root, c, 3); } TX_END
    D_RW(root)->a = 4;
    D_RW(root)->c = 4;
  } TX_END""",
    "aborted": """
  TX_BEGIN(pop) {
    TX_SET(root, a, 1);
    TX_SET(root, node, TX_ZNEW(struct node));
    pmemobj_tx_abort(1);
  } TX_END""",
    "allocated_in_a_transaction": """
  for (int i = 0; i < 40; i++)
    TX_BEGIN(pop) {
      if (!TOID_IS_NULL(D_RO(root)->node)) TX_FREE(D_RO(root)->node);
      TX_ADD_FIELD(root, node);
      D_RW(root)->node = TX_NEW(struct node);
      D_RW(D_RW(root)->node)->value = i;
      memset(&D_RW(D_RW(root)->node)->entry, 0, sizeof D_RW(D_RW(root)->node)->entry);
    } TX_END""",
    "atomic": """
  for (int i = 0; i < 40; i++) {
    if (POBJ_ALLOC(pop, &D_RW(root)->node, struct node, sizeof(struct node), make, &value))
      return 2;
    if (POBJ_REALLOC(pop, &D_RW(root)->node, struct node, 400)) return 3;
    POBJ_FREE(&D_RW(root)->node);
    if (POBJ_ZALLOC(pop, &D_RW(root)->node, struct node, sizeof(struct node))) return 4;
    POBJ_FREE(&D_RW(root)->node);
  }""",
    "list": """
  for (int i = 0; i < 20; i++) {
    if (OID_IS_NULL(POBJ_LIST_INSERT_NEW_HEAD(pop, &D_RW(root)->list, entry, sizeof(struct node),
                                              make, &value))) return 2;
    if (OID_IS_NULL(POBJ_LIST_INSERT_NEW_TAIL(pop, &D_RW(root)->list, entry, sizeof(struct node),
                                              make, &value))) return 3;
  }
  while (!POBJ_LIST_EMPTY(&D_RW(root)->list))
    if (POBJ_LIST_REMOVE_FREE(pop, &D_RW(root)->list, POBJ_LIST_FIRST(&D_RW(root)->list), entry))
      return 4;""",
    "persist": "D_RW(root)->a = 1; pmemobj_persist(pop, &D_RW(root)->a, sizeof(long));",
}
DEFAULTS = ["--mult-stores=no", "--flush-check=no", "--tx-only=no"]


@pytest.mark.parametrize("options", [[], DEFAULTS], ids=["plain", "defaults"])
@pytest.mark.parametrize("name", RIGHT)
def test_a_correct_libpmemobj_program_has_no_findings(guest, pmemcheck, name, options):
    text = TX.replace("BODY", RIGHT[name])
    program = guest(text, libs=["pmemobj"], cflags=["-Wno-error", "-w"])
    done = pmemcheck([program], options=options, **ENV)
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), done
    (found,) = done.parsed().reports
    assert (found.found(), found.errors) == ({}, 0), done


WRONG = {
    "not_added": ("TX_BEGIN(pop) {\nTX_SET(root, b, 2);\nD_RW(root)->a = 1; /* wrong */\n} TX_END",
                  {"outside-tx": 1}),  # TX_SET persists the whole line
    "not_persisted": ("D_RW(root)->a = 1; /* wrong */", {"lost": 1}),
    "after_commit": ("TX_BEGIN(pop) {\nTOID(struct node) n = TX_NEW(struct node);\n"
                     "pmemobj_tx_commit();\nD_RW(n)->value = 1; /* wrong */\n} TX_END",
                     {"outside-tx": 1, "lost": 1}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_libpmemobj_program_is_reported_at_its_line(guest, pmemcheck, name):
    body, wanted = WRONG[name]
    text = TX.replace("BODY", body)
    line = text.count("\n", 0, text.index("/* wrong */")) + 1
    program = guest(text, libs=["pmemobj"], cflags=["-Wno-error", "-w"])
    (found,) = pmemcheck([program], **ENV).parsed().reports
    assert found.found() == wanted, found
    for entries in found.entries.values():
        for e in entries:
            assert (e.frames[0].file, e.frames[0].line) == ("guest.c", line), e
