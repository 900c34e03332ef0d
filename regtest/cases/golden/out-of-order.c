/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head of a list is set before the node that it points to is durable. */
#include "guest.h"

static void link_node(uint64_t node) {
  PM(uint64_t, node) = 1; /* here: NODE */
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE + node, 8, PM_BASE, 8);
  PM(uint64_t, 0) = node; /* out-of-order: 8 @0 from NODE */
  CLWB(PM_BASE + node);
  CLWB(PM_BASE);
  SFENCE();
}

int main(void) {
  pm_open(4096);
  link_node(64);
  END();
}
