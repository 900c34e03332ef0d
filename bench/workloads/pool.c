/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A libpmemobj pool of 64 MiB is created. */
#include <libpmemobj.h>

#include "workload.h"

int main(void) {
  PMEMobjpool* pool = pmemobj_create("pool", "bench", 64 << 20, 0600);
  if (pool == NULL) fail("pmemobj_create");
  pmemobj_close(pool);
  return 0;
}
