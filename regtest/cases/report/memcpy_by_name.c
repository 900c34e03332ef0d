/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -fno-toplevel-reorder */
/* Stores of two functions join if both functions have memcpy in their names, or both memset, are
 * called from one place, and have their code no more than 4096 bytes apart. */
#include "guest.h"

#define STORER(name, offset)                                                                       \
  static void name(void) {                                                                         \
    PM(uint64_t, offset) = 1;                                                                      \
  }

typedef void Storer(void);

STORER(my_memcpy_low, 0)
STORER(my_memcpy_high, 8)
STORER(my_memset_low, 64)
STORER(my_memset_high, 72)
STORER(memcpy_or, 128)
STORER(memset_or, 136)
STORER(copy_low, 192)
STORER(copy_high, 200)
STORER(near_memcpy, 256)
__attribute__((noinline, used)) static void apart(void) {
  __asm__ volatile(".skip 8192, 0x90");
}
STORER(far_memcpy, 264)

int main(void) {
  static Storer* const storers[] = {my_memcpy_low, my_memcpy_high, my_memset_low, my_memset_high,
                                    memcpy_or,     memset_or,      copy_low,      copy_high,
                                    near_memcpy,   far_memcpy};
  pm_open(4096);
  for (int i = 0; i < 10; i++) {
    /* lost: 16 DIRTY @0 via my_memcpy, 16 DIRTY @64 via my_memset */
    /* lost: 8 DIRTY @128 via memcpy_or, 8 DIRTY @136 via memset_or */
    /* lost: 8 DIRTY @192 via copy_low, 8 DIRTY @200 via copy_high */
    /* lost: 8 DIRTY @256 via near_memcpy, 8 DIRTY @264 via far_memcpy */
    storers[i]();
  }
  END();
}
