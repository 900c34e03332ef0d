/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 */
/* A masked store stores only the lanes that the mask selects. */
#include "guest.h"

static const uint32_t lanes_013[8] = {~0u, ~0u, 0, ~0u, 0, 0, 0, 0};
static const uint32_t lanes_67[8] = {0, 0, 0, 0, 0, 0, ~0u, ~0u};
static const uint32_t none[8];

#define STORE(instruction, mask, offset)                                                           \
  __asm__ volatile("vmovdqu %1, %%ymm1; " instruction                                              \
                   : "=m"(PM(uint64_t, offset))                                                    \
                   : "m"(*(const __attribute__((vector_size(32))) char*)(mask))                    \
                   : "xmm0", "xmm1", "memory")

int main(void) {
  pm_open(4096);
  STORE("vmaskmovps %%xmm0, %%xmm1, %0", lanes_013, 0);   /* lost: 8 DIRTY @0, 4 DIRTY @12 */
  STORE("vmaskmovps %%ymm0, %%ymm1, %0", lanes_67, 64);   /* lost: 8 DIRTY @88 */
  STORE("vmaskmovpd %%ymm0, %%ymm1, %0", lanes_67, 128);  /* lost: 8 DIRTY @152 */
  STORE("vpmaskmovd %%ymm0, %%ymm1, %0", lanes_013, 192); /* lost: 8 DIRTY @192, 4 DIRTY @204 */
  STORE("vpmaskmovq %%xmm0, %%xmm1, %0", lanes_013, 256); /* lost: 16 DIRTY @256 */
  STORE("vpmaskmovd %%ymm0, %%ymm1, %0", none, 320);
  END();
}
