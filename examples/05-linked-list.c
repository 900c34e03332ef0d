/* 05-linked-list.c: a list that publishes its head before the node it leads to is durable.
 *
 * Everything is durable at exit, so the report at exit finds nothing.  pmemcheck-explore tries what
 * a power failure at any moment could have left.
 *
 * usage: 05-linked-list FILE          creates the file and pushes three nodes, in the wrong order
 *        05-linked-list FILE right    the same, in the right order
 *        05-linked-list FILE check    walks the list; status 0 if it is intact
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <libpmem.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NODES 8

struct node {
  uint64_t next; /* the number of a node; 0 ends the list */
  uint64_t value;
  char pad[48];
};

struct list {
  uint64_t head;
  char pad[56];
  struct node nodes[NODES]; /* 1 .. NODES - 1 are used */
};

static void push(struct list* list, uint64_t number, uint64_t value, int right) {
  struct node* node = &list->nodes[number];

  node->value = value;
  node->next = list->head;
  if (right) pmem_persist(node, sizeof *node);
  list->head = number; /* from here on others find the node */
  pmem_persist(&list->head, sizeof list->head);
  if (!right) pmem_persist(node, sizeof *node); /* too late */
}

static int check(const struct list* list) {
  uint64_t number, length = 0;

  for (number = list->head; number != 0; number = list->nodes[number].next) {
    if (number >= NODES || ++length > NODES || list->nodes[number].value != 100 + number) {
      printf("node %d is broken\n", (int)number);
      return 1;
    }
  }
  /* The nodes pushed earlier are still there. */
  return list->head != 0 && length != list->head;
}

int main(int argc, char** argv) {
  struct list* list;
  size_t bytes;
  uint64_t number;

  if (argc < 2) {
    fprintf(stderr, "usage: %s FILE [right|check]\n", argv[0]);
    return 2;
  }
  list = pmem_map_file(argv[1], sizeof *list, PMEM_FILE_CREATE, 0600, &bytes, NULL);
  if (list == NULL) {
    perror(argv[1]);
    return 1;
  }
  if (argc > 2 && strcmp(argv[2], "check") == 0) return check(list);
  for (number = 1; number <= 3; number++)
    push(list, number, 100 + number, argc > 2 && strcmp(argv[2], "right") == 0);
  pmem_unmap(list, bytes);
  return 0;
}
