/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stack holds the whole chain of callers. */
#include "guest.h"

static void leaf(void) {
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 by leaf < inner < middle < outer < main */
}

static void inner(void) {
  leaf();
}
static void middle(void) {
  inner();
}

static void outer(void) {
  middle();
  PM(uint64_t, 64) = 1; /* lost: 8 DIRTY @64 by outer < main */
}

int main(void) {
  pm_open(4096);
  outer();
  PM(uint64_t, 128) = 1; /* lost: 8 DIRTY @128 by main */
  END();
}
