# SPDX-License-Identifier: GPL-2.0-or-later
"""--indiff=N: a store repeated within fewer than N superblocks is no finding."""

import pytest

TWICE = r"""
#include "guest.h"

static volatile long count;

static void wait_a_while(void) {
  for (int i = 0; i < 3000; i++) count++;
}

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 7;
  WAIT;
  SECOND;
  END();
}
"""
FAR, NEAR = "3000 rounds later", "at once"
WAITS = {FAR: "wait_a_while()", NEAR: "(void)wait_a_while"}


def overwritten(guest, pmemcheck, wait, second, *options):
    program = guest(TWICE.replace("WAIT", WAITS[wait]).replace("SECOND", second))
    done = pmemcheck([program], options=["--mult-stores=yes", *options])
    assert (done.status, done.stderr) == (0, ""), done
    return [(e.frames[0].line, e.address & 0xFFF, e.size, e.state)
            for e in done.parsed().reports[0].entries["overwritten"]]


FOUND = [(12, 0, 8, "DIRTY")]


AGAIN = [
    (NEAR, None, FOUND),
    (NEAR, 0, FOUND),
    (NEAR, 4, []),
    (FAR, 0, FOUND),
    (FAR, 4, FOUND),  # 3000 rounds take at least 4 superblocks,
    (FAR, 1_000_000, []),  # and fewer than a million
    (FAR, 2**32, []),
]


@pytest.mark.parametrize("wait,indiff,wanted", AGAIN,
                         ids=[f"{wait}, --indiff={indiff}" for wait, indiff, _ in AGAIN])
def test_a_repeated_store_is_no_finding_within_indiff_superblocks(guest, pmemcheck, wait, indiff,
                                                                  wanted):
    options = [] if indiff is None else [f"--indiff={indiff}"]
    assert overwritten(guest, pmemcheck, wait, "PM(uint64_t, 0) = 7", *options) == wanted


@pytest.mark.parametrize("second,wanted", [
    ("PM(uint64_t, 0) = 8", FOUND),  # another value
    ("PM(uint32_t, 0) = 7", [(12, 0, 4, "DIRTY")]),  # another size
    ("PM(uint32_t, 4) = 0", [(12, 4, 4, "DIRTY")]),  # the same bytes, but another store
    ("PM(uint64_t, 0) = 7", []),
], ids=["other value", "other size", "other address", "same store"])
def test_indiff_excuses_only_the_same_address_size_and_value(guest, pmemcheck, second, wanted):
    assert overwritten(guest, pmemcheck, NEAR, second, "--indiff=1000000") == wanted


WIDE = r"""
#include "guest.h"

static uint64_t value[4] = {1, 2, 3, 4};

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 3; i++) {
    __asm__ volatile("vmovups %1, %%ymm0; vmovups %%ymm0, %0"
                     : "=m"(PM(char, 0)) : "m"(*value) : "xmm0", "memory");
    value[3] += i;
  }
  END();
}
"""


def test_indiff_compares_the_whole_value_of_a_wide_store(guest, pmemcheck):
    program = guest(WIDE, cflags=["-mavx2"])
    options = ["--mult-stores=yes", "--indiff=1000000"]
    found = pmemcheck([program], options=options).parsed().reports[0].entries["overwritten"]
    assert [(e.address & 0xFFF, e.size) for e in found] == [(0, 32)]
