/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only starts and ends: the curves subtract its time. */
#include "workload.h"

int main(void) {
  map_pmem(1 << 20);
  return 0;
}
