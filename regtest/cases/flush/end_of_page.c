/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flushes and fences are decoded at the end of a page that no mapped page follows. */
#include "guest.h"

/* Runs the bytes of code, and `ret $0`, whose last byte is the last byte of the page. */
#define RUN(...)                                                                                   \
  do {                                                                                             \
    const unsigned char bytes[] = {__VA_ARGS__, 0xc2, 0x00, 0x00};                                 \
    char* code = page + 4096 - sizeof bytes;                                                       \
    memcpy(code, bytes, sizeof bytes);                                                             \
    ((void (*)(char*))code)(PM_BASE);                                                              \
  } while (0)

int main(void) {
  char* page =
      mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) pm_fail("mmap");
  munmap(page + 4096, 4096);
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  RUN(0x66, 0x0f, 0xae, 0x37, 0x0f, 0xae, 0xf8); /* clwb (%rdi); sfence */
  PM(uint64_t, 0) = 2;
  RUN(0x66, 0x0f, 0xae, 0x3f, 0x0f, 0xae, 0xf0); /* clflushopt (%rdi); mfence */
  PM(uint64_t, 0) = 3;
  RUN(0x0f, 0xae, 0x3f); /* clflush (%rdi) */
  PM(uint64_t, 0) = 4;
  RUN(0x66, 0x0f, 0xae, 0x77, 0x20, 0x0f, 0xae, 0xf8); /* clwb 32(%rdi); sfence */
  PM(uint64_t, 0) = 5;                                 /* lost: 8 FLUSHED @0 */
  RUN(0x66, 0x0f, 0xae, 0x37, 0x0f, 0xae, 0xe8);       /* clwb (%rdi); lfence */
  END();
}
