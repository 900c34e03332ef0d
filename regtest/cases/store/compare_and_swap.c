/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compare-and-swap is a store only if it succeeds. */
#include "guest.h"

#define CAS(suffix, type, offset, wanted)                                                          \
  do {                                                                                             \
    type a = (wanted);                                                                             \
    __asm__ volatile("lock cmpxchg" suffix " %2, %0"                                               \
                     : "+m"(PM(type, offset)), "+a"(a)                                             \
                     : "q"((type)7)                                                                \
                     : "memory");                                                                  \
  } while (0)

#define CAS2(instruction, offset, wanted)                                                          \
  do {                                                                                             \
    uint64_t a = (wanted), d = 0;                                                                  \
    __asm__ volatile(instruction " %0"                                                             \
                     : "+m"(PM(uint64_t, offset)), "+a"(a), "+d"(d)                                \
                     : "b"(7l), "c"(7l)                                                            \
                     : "memory");                                                                  \
  } while (0)

int main(void) {
  pm_open(8192);
  CAS("b", uint8_t, 0, 0);         /* lost: 1 DIRTY @0 */
  CAS("w", uint16_t, 64, 0);       /* lost: 2 DIRTY @64 */
  CAS("l", uint32_t, 128, 0);      /* lost: 4 DIRTY @128 */
  CAS("q", uint64_t, 192, 0);      /* lost: 8 DIRTY @192 */
  CAS2("lock cmpxchg8b", 256, 0);  /* lost: 8 DIRTY @256 */
  CAS2("lock cmpxchg16b", 320, 0); /* lost: 16 DIRTY @320 */
  CAS2("cmpxchg8b", 384, 0);       /* lost: 8 DIRTY @384 */
  CAS2("cmpxchg16b", 448, 0);      /* lost: 16 DIRTY @448 */
  CAS("b", uint8_t, 4096, 1);
  CAS("w", uint16_t, 4160, 1);
  CAS("l", uint32_t, 4224, 1);
  CAS("q", uint64_t, 4288, 1);
  CAS2("lock cmpxchg8b", 4352, 1);
  CAS2("lock cmpxchg16b", 4416, 1);
  if (PM(uint8_t, 0) != 7 || PM(uint64_t, 328) != 7 || PM(uint64_t, 4416) != 0)
    puts("wrong values");
  return 0;
}
