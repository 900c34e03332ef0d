/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: clflush 1 clflushopt 1 clwb 1 */
/* CPUID shows the flush instructions that the tool recognises. */
#include "guest.h"
#include <cpuid.h>

int main(void) {
  unsigned a, b, c, d, b7;
  __cpuid(1, a, b, c, d);
  unsigned clflush = d >> 19 & 1;
  __cpuid_count(7, 0, a, b7, c, d);
  printf("clflush %u clflushopt %u clwb %u\n", clflush, b7 >> 23 & 1, b7 >> 24 & 1);
  return 0;
}
