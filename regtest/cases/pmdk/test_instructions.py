# SPDX-License-Identifier: GPL-2.0-or-later
"""Under the tool, Debian's libpmem flushes with CLWB, as it does on hardware that has it."""

from pathlib import Path

import pytest

# Overwrites each flush instruction of the library in memory with an undefined one.  The instruction
# that the library executes raises SIGILL, and its address shows which one it was.
TRAPS = r"""
#include "guest.h"
#include <libpmem.h>
#include <link.h>
#include <signal.h>

static struct {
  unsigned char* at;
  const char* name;
} traps[100000];
static int n_traps;

static void on_trap(int number, siginfo_t* info, void* context) {
  (void)number, (void)context;
  for (int i = 0; i < n_traps; i++)
    if (traps[i].at == info->si_addr) puts(traps[i].name);
  fflush(stdout);
  END();
}

/* The instruction at p: [66] [REX] 0F AE /6 or /7 with a memory operand. */
static const char* name_of(const unsigned char* p) {
  int has66 = *p == 0x66;
  p += has66;
  p += (*p & 0xf0) == 0x40;
  if (p[0] != 0x0f || p[1] != 0xae || p[2] >> 6 == 3) return NULL;
  switch (p[2] >> 3 & 7) {
  case 6: return has66 ? "clwb" : NULL;
  case 7: return has66 ? "clflushopt" : "clflush";
  default: return NULL;
  }
}

static int set_traps(struct dl_phdr_info* info, size_t size, void* unused) {
  (void)size, (void)unused;
  if (strstr(info->dlpi_name, "libpmem.so") == NULL) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)* h = &info->dlpi_phdr[i];
    if (h->p_type != PT_LOAD || !(h->p_flags & PF_X)) continue;
    unsigned char *begin = (unsigned char*)info->dlpi_addr + h->p_vaddr, *end = begin + h->p_memsz;
    uintptr_t page = (uintptr_t)begin & -4096ul;
    if (mprotect((void*)page, (uintptr_t)end - page, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
      pm_fail("mprotect");
    for (unsigned char* p = begin; p + 4 < end; p++) {
      const char* name = name_of(p);
      if (name == NULL) continue;
      traps[n_traps].at = p;
      traps[n_traps++].name = name;
      memcpy(p, "\x0f\x0b", 2); /* UD2 */
      p += 2;
    }
  }
  return 1;
}

int main(void) {
  static char memory[4096];
  struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
  sigaction(SIGILL, &action, NULL);
  if (!dl_iterate_phdr(set_traps, NULL) || n_traps == 0) return 2;
  VALGRIND_DISCARD_TRANSLATIONS(0, ~0ul);
  pmem_persist(memory, sizeof memory);
  return 3;
}
"""

ASKS = r"""
#include <libpmem.h>
static char memory[4096];
int main(void) { pmem_persist(memory, sizeof memory); return 0; }
"""
DEBUG_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/pmdk_dbg")


@pytest.mark.parametrize("refused,wanted", [
    ([], "clwb"),
    (["PMEM_NO_CLWB"], "clflushopt"),
    (["PMEM_NO_CLWB", "PMEM_NO_CLFLUSHOPT"], "clflush"),
], ids=["nothing disabled", "no CLWB", "no CLWB and no CLFLUSHOPT"])
def test_libpmem_flushes_with_the_best_instruction_that_is_not_disabled(guest, pmemcheck, refused,
                                                                        wanted):
    program = guest(TRAPS, libs=["pmem"])
    done = pmemcheck([program], PMEM_IS_PMEM_FORCE="1", **{name: "1" for name in refused})
    assert (done.status, done.stdout, done.stderr) == (0, wanted + "\n", ""), done


@pytest.mark.parametrize("best", ["clwb", "clflushopt", "clflush"])
def test_libpmem_flushes_with_the_best_instruction_that_cpuid_shows(guest, pmemcheck, best):
    program = guest(TRAPS, libs=["pmem"])
    done = pmemcheck([program], options=[f"--cpu-flush={best}"], PMEM_IS_PMEM_FORCE="1")
    assert (done.status, done.stdout, done.stderr) == (0, best + "\n", ""), done


@pytest.mark.skipif(not DEBUG_LIBRARY.is_dir(), reason="no libpmem1-debug here")
def test_libpmem_logs_that_it_uses_clwb(guest, pmemcheck):
    done = pmemcheck([guest(ASKS, libs=["pmem"])], PMEM_IS_PMEM_FORCE="1", PMEM_LOG_LEVEL="3",
                     LD_LIBRARY_PATH=str(DEBUG_LIBRARY))
    assert done.status == 0, done
    assert "using clwb" in done.stderr, done
