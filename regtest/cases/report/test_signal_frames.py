# SPDX-License-Identifier: GPL-2.0-or-later
"""Stores of signal handlers: each has the callers of what was interrupted."""

# Two interruptions with the same registers but for the place, which the kernel saved on the other
# stack: a remembered stack that trusts return addresses alone would tell of the first one twice.
GUEST = r"""
#include "guest.h"

#include <signal.h>
#include <ucontext.h>

static char alternate[65536];
static volatile int n;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info;
  PM(uint64_t, n * 64) = 1;
      /* lost: 8 DIRTY @64 by handler < ? <
                                                              second < main */
  ((ucontext_t*)context)->uc_mcontext.gregs[REG_RIP] += 2; /* behind ud2 */
}

static void nothing(void) {
  __asm__ volatile("");
}

static void first(void) {
  nothing();
  __asm__ volatile("ud2");
}

static void second(void) {
  __asm__ volatile("nop; ud2");
  nothing();
}

int main(void) {
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  pm_open(4096);
  sigaltstack(&stack, NULL);
  sigaction(SIGILL, &action, NULL);
  first();
  n = 1;
  second();
  END();
}
"""


def test_each_interruption_has_its_own_callers(guest, pmemcheck):
    done = pmemcheck([guest(GUEST)])
    lost = done.parsed().reports[-1].lost
    stacks = [[frame.function for frame in entry.frames] for entry in lost]
    assert [stack[0] for stack in stacks] == ["handler", "handler"], done
    assert "first" in stacks[0] and "second" not in stacks[0], done
    assert "second" in stacks[1] and "first" not in stacks[1], done
