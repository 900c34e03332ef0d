/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* A pool that is persisted, unmapped and mapped again at the same address has no findings. */
#include "guest.h"

int main(void) {
  for (int round = 0; round < 3; round++) {
    close(pm_map_file(4 * 4096));
    for (int i = 0; i < 4; i++) PM(int, 4096 * i) = round;
    for (int i = 0; i < 4; i++) CLWB(PM_BASE + 4096 * i);
    SFENCE();
    munmap(PM_BASE, 4 * 4096);
  }
  END();
}
