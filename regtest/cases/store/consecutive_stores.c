/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Consecutive stores, which one helper call reports, keep their own lines, bytes and stacks. */
#include "guest.h"

static __attribute__((noinline)) void fields(char* p) {
  *(volatile uint64_t*)(p + 8) = 1;   /* lost: 8 DIRTY @8 */
  *(volatile uint8_t*)(p + 31) = 2;   /* lost: 1 DIRTY @31 */
  *(volatile uint32_t*)(p + 100) = 3; /* lost: 4 DIRTY @100 */
  *(volatile uint16_t*)(p + 60) = 4;  /* lost: 1 DIRTY @60 */
  *(volatile uint64_t*)(p + 61) = 5;  /* lost: 8 DIRTY @61 */
}

/* Ten consecutive stores are more than one call reports. */
static __attribute__((noinline)) void ten(char* p) {
  /* lost: 80 DIRTY @256 */
  __asm__ volatile("movq %1, (%0)\n movq %1, 8(%0)\n movq %1, 16(%0)\n movq %1, 24(%0)\n"
                   "movq %1, 32(%0)\n movq %1, 40(%0)\n movq %1, 48(%0)\n movq %1, 56(%0)\n"
                   "movq %1, 64(%0)\n movq %1, 72(%0)"
                   :
                   : "r"(p), "r"(1L)
                   : "memory");
}

/* The two stores of a pair are reported together, each time with the stack of that call. */
static __attribute__((noinline)) void pair(char* p) {
  /* lost: 8 DIRTY by pair < one < main, 8 DIRTY by pair < two < main x2 */
  *(volatile uint64_t*)(p + 8) = 1;
  /* lost: 8 DIRTY by pair < one < main, 8 DIRTY by pair < two < main x2 */
  *(volatile uint64_t*)(p + 24) = 1;
}
static __attribute__((noinline)) void one(char* p) {
  pair(p);
  __asm__ volatile("");
}
static __attribute__((noinline)) void two(char* p) {
  pair(p);
  __asm__ volatile("");
}

int main(void) {
  pm_open(8192);
  fields(PM_BASE);
  ten(PM_BASE + 256);
  /* With a stack in persistent memory, unwinding uses the RSP of each push. */
  /* lost: 24 DIRTY @4072 */
  __asm__ volatile("mov %%rsp, %%rbx\n mov %0, %%rsp\n push %%rax\n push %%rcx\n push %%rdx\n"
                   "mov %%rbx, %%rsp"
                   :
                   : "r"(PM_BASE + 4096)
                   : "rbx", "memory");
  /* A flush between two stores covers the first one only. */
  /* lost: 8 DIRTY @1032 */
  __asm__ volatile("movq $1, (%0)\n clflush (%0)\n movq $2, 8(%0)"
                   :
                   : "r"(PM_BASE + 1024)
                   : "memory");
  two(PM_BASE + 2048);
  one(PM_BASE + 2048 + 64);
  two(PM_BASE + 2048 + 128);
  return 0;
}
