# SPDX-License-Identifier: GPL-2.0-or-later
"""CPUID shows CLFLUSHOPT and CLWB; the rest is as Valgrind shows it."""

import pytest

from harness import run

ASKS = r"""
#include <stdint.h>
#include <stdio.h>

static void ask(uint64_t leaf, uint64_t subleaf) {
  uint64_t a = leaf, b = ~0ul, c = subleaf, d = ~0ul;
  __asm__ volatile("cpuid" : "+a"(a), "+b"(b), "+c"(c), "+d"(d));
  printf("%lx %lx %lx %lx %lx %lx\n", leaf, subleaf, a, b, c, d);
}

int main(void) {
  for (uint64_t leaf = 0; leaf < 0x20; leaf++)
    for (uint64_t subleaf = 0; subleaf < 4; subleaf++) ask(leaf, subleaf);
  for (uint64_t leaf = 0x80000000; leaf < 0x80000010; leaf++) ask(leaf, 0);
  ask(7, 0xffffffff);
  ask(0x40000000, 0);
  /* The upper halves of the registers do not matter. */
  ask(0x1234567800000007, 0);
  ask(7, 0x1234567800000000);
  ask(0x1234567800000007, 0x1234567800000000);
  return 0;
}
"""
CLFLUSHOPT, CLWB = 1 << 23, 1 << 24
FLAGS = CLFLUSHOPT | CLWB


def answers(done):
    assert (done.status, done.stderr) == (0, ""), done
    rows = [tuple(int(x, 16) for x in line.split()) for line in done.stdout.splitlines()]
    return {row[:2]: row[2:] for row in rows}


@pytest.mark.parametrize("best,shown", [("clwb", CLFLUSHOPT | CLWB), ("clflushopt", CLFLUSHOPT),
                                        ("clflush", 0)], ids=["clwb", "clflushopt", "clflush"])
def test_cpuid_differs_from_valgrinds_only_in_the_two_flush_flags(guest, pmemcheck, tmp_path, best,
                                                                     shown):
    program = guest(ASKS)
    plain = answers(run.under_valgrind([program], tmp_path, tool="none"))
    ours = answers(pmemcheck([program], options=[f"--cpu-flush={best}"]))
    assert ours.keys() == plain.keys()
    for (leaf, subleaf), (a, b, c, d) in plain.items():
        flags = leaf & 0xFFFFFFFF == 7 and subleaf & 0xFFFFFFFF == 0
        wanted = (a, b & ~FLAGS | shown, c, d) if flags else (a, b, c, d)
        assert ours[leaf, subleaf] == wanted, f"leaf {leaf:#x}, subleaf {subleaf:#x}"
    asked = [key for key in ours if key[0] & 0xFFFFFFFF == 7 and key[1] & 0xFFFFFFFF == 0]
    assert len(asked) >= 4 and all(ours[key][1] & FLAGS == shown for key in asked)
