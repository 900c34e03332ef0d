/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --num-callers=3 */
/* Valgrind's --num-callers limits how many frames of a stack are shown. */
#include "guest.h"

static void a(void) {
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 by a < b < c */
}
static void b(void) {
  a();
}
static void c(void) {
  b();
}
static void d(void) {
  c();
}

int main(void) {
  pm_open(4096);
  d();
  END();
}
