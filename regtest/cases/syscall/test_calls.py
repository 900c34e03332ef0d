# SPDX-License-Identifier: GPL-2.0-or-later
"""Stores of the kernel: those whose size the kernel decides, and their records in the log."""

from harness import log

SIGNAL = r"""
#include "guest.h"
#include <signal.h>

static void on_signal(int number) {
  (void)number;
  END();
}

int main(void) {
  pm_open(65536);
  stack_t stack = {.ss_sp = PM_BASE, .ss_size = 65536};
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
  if (sigaltstack(&stack, NULL) != 0 || sigaction(SIGUSR1, &action, NULL) != 0) pm_fail("signal");
  raise(SIGUSR1);
  return 1;
}
"""


def test_a_signal_frame_on_a_persistent_stack_is_a_store(guest, pmemcheck):
    done = pmemcheck([guest(SIGNAL)])
    assert done.status == 0, done
    (report,) = done.parsed().reports
    frames = [e for e in report.lost if e.frames[0].function == "frame of a signal (kernel)"]
    assert len(frames) == 1 and frames[0].size > 500, done
    assert any(f.function == "main" for f in frames[0].frames), done


IO_URING = r"""
#include "guest.h"
#include <sys/syscall.h>

int main(void) {
  pm_open(4096);
  long ring = syscall(SYS_io_uring_setup, 1, PM_BASE);
  write(1, ring < 0 ? "none" : "ring", 4);
  END();
}
"""


def test_io_uring_setup_stores_its_parameters(guest, pmemcheck):
    """io_uring_setup stores the parameters, unless the kernel forbids rings."""
    done = pmemcheck([guest(IO_URING, cflags=["-Wno-unused-result"])])
    assert done.status == 0 and done.stdout in ("ring", "none"), done
    (report,) = done.parsed().reports
    calls = {e.frames[0].function for e in report.lost}
    assert calls == ({"io_uring_setup (system call)"} if done.stdout == "ring" else set()), done


READS = r"""
#include "guest.h"

int main(void) {
  int file = open("file", O_RDWR | O_CREAT, 0600);
  if (write(file, "0123456789", 10) != 10) pm_fail("write");
  pm_open(4096);
  if (pread(file, PM_BASE, 10, 0) != 10) pm_fail("pread");
  END();
}
"""


def test_the_log_has_the_stores_of_the_kernel_and_their_system_call(guest, pmemcheck):
    done = pmemcheck([guest(READS)], options=["--log-stores=yes", "--log-stores-stacktraces=yes",
                                              "--log-stores-stacktraces-depth=3"])
    stores = [r for r in log.parse(done.parsed().stores) if r.kind == "STORE"]
    assert [(r.address, r.value, r.size) for r in stores] == [
        (0x200000000, int.from_bytes(b"01234567", "little"), 8),
        (0x200000008, int.from_bytes(b"89", "little"), 2)], done
    for record in stores:
        assert [function.split(" ")[0] for function, _, _ in record.frames] == ["pread64", "pread", "main"]
