/* 07-say-what-you-mean.c: the program states its rules, and pmemcheck checks them.
 *
 * push() persists a new node, and then sets the head to it.  push_early() sets the head before the
 * node is durable, and then persists both, so everything is durable at exit.  Only an assertion
 * finds it.
 *
 * usage: 07-say-what-you-mean FILE   (the file is created or overwritten)
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <libpmem.h>
#include <stdint.h>
#include <stdio.h>
#include <valgrind/pmemcheck.h>

struct node {
  uint64_t value;
  uint64_t next; /* the next node's number; 0 ends the list */
};
struct list {
  uint64_t head;
  char cache_line[56];
  struct node nodes[63]; /* node 0 is not used */
};

static void push(struct list* list, uint64_t number, uint64_t value) {
  struct node* node = &list->nodes[number];
  node->value = value;
  node->next = list->head;
  pmem_persist(node, sizeof *node);
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(node, sizeof *node, &list->head, sizeof list->head);
  list->head = number;
  pmem_persist(&list->head, sizeof list->head);
  VALGRIND_PMC_ASSERT_DURABLE(list, sizeof *list);
}

static void push_early(struct list* list, uint64_t number, uint64_t value) {
  struct node* node = &list->nodes[number];
  node->value = value;
  node->next = list->head;
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(node, sizeof *node, &list->head, sizeof list->head);
  list->head = number;
  pmem_persist(list, sizeof *list);
}

int main(int argc, char** argv) {
  struct list* list;

  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  remove(argv[1]);
  list = pmem_map_file(argv[1], sizeof *list, PMEM_FILE_CREATE, 0600, NULL, NULL);
  if (list == NULL) {
    perror(argv[1]);
    return 1;
  }
  VALGRIND_PMC_NAME_RANGE(&list->head, sizeof list->head, "list.head");
  VALGRIND_PMC_NAME_RANGE(list->nodes, sizeof list->nodes, "list.nodes");
  push(list, 1, 21);
  push_early(list, 2, 22);

  VALGRIND_PMC_DISABLE_REPORTING; /* a test of what a crash leaves behind, say */
  list->nodes[3].value = 23;
  VALGRIND_PMC_ENABLE_REPORTING;

  printf("%u finding(s) so far\n", (unsigned)VALGRIND_PMC_COUNT_FINDINGS);
  return 0;
}
