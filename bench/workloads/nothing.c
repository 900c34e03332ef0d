/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What starting and ending costs: the curves are measured from here. */
#include "workload.h"

int main(void) {
  map_pmem(1 << 20);
  return 0;
}
