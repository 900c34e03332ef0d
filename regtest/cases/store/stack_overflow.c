/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store in a handler of stack overflow: unwinding meets a page that cannot be read. */
/* stdout: survived */
/* cflags: -Wno-infinite-recursion */
#include "guest.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

static char alternate[65536];
static sigjmp_buf out;

static void handler(int number) {
  (void)number;
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY */
  siglongjmp(out, 1);
}

static long descend(long n) {
  volatile char frame[64];
  frame[0] = (char)n;
  return descend(n + 1) + frame[0];
}

static void* overflow(void* unused) {
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  sigaltstack(&stack, NULL);
  if (sigsetjmp(out, 1) == 0) descend(0);
  return unused;
}

int main(void) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
  pthread_t thread;
  pm_open(4096);
  sigaction(SIGSEGV, &action, NULL);
  pthread_create(&thread, NULL, overflow, NULL);
  pthread_join(thread, NULL);
  puts("survived");
  return 0;
}
