/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 -mmmx */
/* A non-temporal store of any encoding needs a fence but no flush. */
#include "guest.h"

#define EACH(STORE)                                                                                \
  STORE(0, "movnti %%eax, %0")                                                                     \
  STORE(1, "movnti %%rax, %0")                                                                     \
  STORE(2, "movntq %%mm0, %0")                                                                     \
  STORE(3, "movntdq %%xmm0, %0")                                                                   \
  STORE(4, "movntps %%xmm0, %0")                                                                   \
  STORE(5, "movntpd %%xmm0, %0")                                                                   \
  STORE(6, "vmovntdq %%xmm0, %0")                                                                  \
  STORE(7, "vmovntps %%xmm0, %0")                                                                  \
  STORE(8, "vmovntpd %%xmm0, %0")                                                                  \
  STORE(9, "vmovntdq %%ymm0, %0")                                                                  \
  STORE(10, "vmovntps %%ymm0, %0")                                                                 \
  STORE(11, "vmovntpd %%ymm0, %0")
#define NT(line, text) __asm__ volatile(text : "=m"(PM(char, 64 * (line))) : : "memory")
#define NT_STATEMENT(line, text) NT(line, text);

int main(void) {
  pm_open(4096);
  EACH(NT_STATEMENT) /* here: durable */
  SFENCE();
  NT(0, "movnti %%eax, %0");     /* lost: 4 FLUSHED @0 */
  NT(1, "movnti %%rax, %0");     /* lost: 8 FLUSHED @64 */
  NT(2, "movntq %%mm0, %0");     /* lost: 8 FLUSHED @128 */
  NT(3, "movntdq %%xmm0, %0");   /* lost: 16 FLUSHED @192 */
  NT(4, "movntps %%xmm0, %0");   /* lost: 16 FLUSHED @256 */
  NT(5, "movntpd %%xmm0, %0");   /* lost: 16 FLUSHED @320 */
  NT(6, "vmovntdq %%xmm0, %0");  /* lost: 16 FLUSHED @384 */
  NT(7, "vmovntps %%xmm0, %0");  /* lost: 16 FLUSHED @448 */
  NT(8, "vmovntpd %%xmm0, %0");  /* lost: 16 FLUSHED @512 */
  NT(9, "vmovntdq %%ymm0, %0");  /* lost: 32 FLUSHED @576 */
  NT(10, "vmovntps %%ymm0, %0"); /* lost: 32 FLUSHED @640 */
  NT(11, "vmovntpd %%ymm0, %0"); /* lost: 32 FLUSHED @704 */
  END();
}
