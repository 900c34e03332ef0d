# SPDX-License-Identifier: GPL-2.0-or-later
"""A program to explore, and checkers for its images."""

# Makes some lines durable with one fence, twice, with different contents.
GUEST = r"""
#include "guest.h"
int main(void) {
  close(pm_map_file(65536));
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 192, 8, "head");
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 320, 128, "tail");
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 384, 64, ""); /* takes a part of the name away */
  for (uint64_t n = 1; n <= 2; n++) {
    VALGRIND_PMC_EMIT_LOG(n == 1 ? "first" : "second");
    for (int i = 0; i < LINES; i++) PM(uint64_t, 64 * i) = n; /* stored here */
    for (int i = 0; i < LINES; i++) CLWB(PM_BASE + 64 * i);
    SFENCE();
  }
  END();
}
"""

# Exits with status 1 if line 3 is kept and line 5 is not.
CHECK = r"""
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int check(const char* path) {
  uint64_t lines[8][8];
  int fd = open(path, O_RDONLY);
  if (fd < 0 || read(fd, lines, sizeof lines) != sizeof lines) return 2;
  close(fd);
  return lines[3][0] > lines[5][0];
}
int check_directory(const char* directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/pool", directory);
  return check(path);
}
int write_directory(const char* directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/pool", directory);
  int fd = open(path, O_RDWR), result = check(path);
  if (fd < 0 || pwrite(fd, "changed", 7, 1024) != 7) return 2;
  close(fd);
  return result;
}
int crash(const char* directory) { return *(volatile int*)(uintptr_t)(directory == 0); }
int hang(const char* directory) {
  for (;;) pause();
  return directory != 0;
}
int main(int argc, char** argv) { return argc > 1 ? check(argv[1]) : 3; }
"""
