# SPDX-License-Identifier: GPL-2.0-or-later
"""A flush with every form of memory operand flushes the right line; see harness/addressing.py."""

import pytest

from harness import addressing, run
from harness.addressing import HIGH, LOW, NEAR

MAIN = r"""
#include "guest.h"
#include <asm/prctl.h>
#include <sys/syscall.h>

extern char near[%(near)d];
__attribute__((section(".near"), aligned(64))) char near[%(near)d] = {1};
uint64_t saved_rsp, saved_fs, leas[%(forms)d];
void run_forms(void);

static const uint64_t expected[] = {%(leas)s};

static void map(uint64_t address, size_t size) {
  size = (size + 4095) & ~(size_t)4095;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  if (mmap((void*)address, size, PROT_READ | PROT_WRITE, flags, -1, 0) != (void*)address)
    pm_fail("mmap");
}

static void fill(uint64_t address, size_t size) {
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(address, size);
  for (size_t i = 0; i < size; i += 8) *(volatile uint64_t*)(address + i) = 1;
}

int main(void) {
  map(%(HIGH)d, %(high)d);
  map(%(LOW)d, %(low)d);
  if ((uint64_t)near != %(NEAR)d) return 2;
  fill(%(HIGH)d, %(high)d);
  fill(%(LOW)d, %(low)d);
  fill(%(NEAR)d, %(near)d);
  syscall(SYS_arch_prctl, ARCH_GET_FS, &saved_fs);
  run_forms();
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    if (leas[i] != expected[i])
      printf("form %%zu: lea says %%lx, expected %%lx\n", i, leas[i], expected[i]);
  fflush(stdout);
  END();
}
"""


@pytest.fixture
def built(tmp_path):
    made = addressing.Program()
    (tmp_path / "forms.s").write_text("\n".join(made.text))
    (tmp_path / "main.c").write_text(MAIN % {
        "HIGH": HIGH, "LOW": LOW, "NEAR": NEAR, "high": made.bytes_of(HIGH),
        "low": made.bytes_of(LOW), "near": made.bytes_of(NEAR), "forms": len(made.leas),
        "leas": ", ".join(f"{x:#x}u" for x in made.leas)})
    program = run.build(tmp_path / "main.c", tmp_path / "main", sources=[tmp_path / "forms.s"],
                        cflags=["-no-pie", f"-Wl,--section-start=.near={NEAR:#x}"])
    return made, program


def test_every_form_of_memory_operand_flushes_its_line(built, pmemcheck):
    made, program = built
    done = pmemcheck([program])
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), str(done)[:4000]
    (at_exit,) = done.parsed().reports
    left = [(e.address, e.size, e.state) for e in at_exit.lost]
    wanted = [(address, addressing.LINE, "DIRTY") for address in made.guards()]
    assert set(left) - set(wanted) == set(), "these lines were not flushed, or only in part"
    assert left == wanted
