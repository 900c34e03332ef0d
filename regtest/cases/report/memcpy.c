/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -fno-builtin */
/* A copy made by the C library is one entry, whatever instructions it uses. */
#include "guest.h"

int main(void) {
  static const char text[4096] = "text";
  pm_open(16384);
  memcpy(PM_BASE, text, 14);          /* lost: 14 DIRTY @0 via memcpy */
  memcpy(PM_BASE + 64, text, 56);     /* lost: 56 DIRTY @64 via memcpy */
  memcpy(PM_BASE + 256, text, 3);     /* lost: 3 DIRTY @256 via memcpy */
  memcpy(PM_BASE + 320, text, 200);   /* lost: 200 DIRTY @320 via memcpy */
  memcpy(PM_BASE + 1024, text, 4096); /* lost: 4096 DIRTY @1024 via memcpy */
  memset(PM_BASE + 8192, 1, 14);      /* lost: 14 DIRTY @8192 via memset */
  memset(PM_BASE + 8256, 1, 100);     /* lost: 100 DIRTY @8256 via memset */
  memset(PM_BASE + 9216, 1, 3000);    /* lost: 3000 DIRTY @9216 via memset */
  /* lost: 64 FLUSHED @12288 via memcpy, 36 DIRTY @12352 via memcpy */
  memcpy(PM_BASE + 12288, text, 100);
  CLWB(PM_BASE + 12288);
  END();
}
