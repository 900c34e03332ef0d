# SPDX-License-Identifier: GPL-2.0-or-later
"""A store of a signal handler has the callers of the code that the signal interrupted."""

# The two interruptions differ only in the interrupted RIP, which the kernel saved on the alternate
# stack.  An unwinding remembered by its return addresses only would report the first one twice.
GUEST = r"""
#include "guest.h"

#include <signal.h>
#include <ucontext.h>

static char alternate[65536];
static volatile int n;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info;
  PM(uint64_t, n * 64) = 1;
  ((ucontext_t*)context)->uc_mcontext.gregs[REG_RIP] += 2; /* beyond ud2 */
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


def test_stores_of_a_signal_handler_have_the_callers_that_it_interrupted(guest, pmemcheck):
    done = pmemcheck([guest(GUEST)])
    lost = done.parsed().reports[-1].lost
    stacks = [[frame.function for frame in entry.frames] for entry in lost]
    assert [stack[0] for stack in stacks] == ["handler", "handler"], done
    assert "first" in stacks[0] and "second" not in stacks[0], done
    assert "second" in stacks[1] and "first" not in stacks[1], done
