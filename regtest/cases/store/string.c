/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each step of a string instruction is a store; together they are one entry. */
#include "guest.h"

static const char text[256] = "text";

#define COPY(instruction, offset, count)                                                           \
  do {                                                                                             \
    const void* from = text;                                                                       \
    void* to = PM_BASE + (offset);                                                                 \
    long left = (count);                                                                           \
    __asm__ volatile(instruction : "+S"(from), "+D"(to), "+c"(left) : "a"(0) : "memory");          \
  } while (0)

int main(void) {
  pm_open(8192);
  COPY("rep movsb", 0, 13);             /* lost: 13 DIRTY @0 */
  COPY("rep movsw", 128, 5);            /* lost: 10 DIRTY @128 */
  COPY("rep movsl", 256, 5);            /* lost: 20 DIRTY @256 */
  COPY("rep movsq", 384, 16);           /* lost: 128 DIRTY @384 */
  COPY("rep stosb", 640, 100);          /* lost: 100 DIRTY @640 */
  COPY("rep stosw", 768, 3);            /* lost: 6 DIRTY @768 */
  COPY("rep stosl", 896, 3);            /* lost: 12 DIRTY @896 */
  COPY("rep stosq", 1024, 3);           /* lost: 24 DIRTY @1024 */
  COPY("movsb", 1152, 0);               /* lost: 1 DIRTY @1152 */
  COPY("movsq", 1280, 0);               /* lost: 8 DIRTY @1280 */
  COPY("stosl", 1408, 0);               /* lost: 4 DIRTY @1408 */
  COPY("rep movsb", 1536, 0);           /* a count of 0: no store */
  COPY("std; rep stosb; cld", 1700, 9); /* lost: 9 DIRTY @1692 */
  END();
}
