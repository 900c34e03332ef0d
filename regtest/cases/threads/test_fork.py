# SPDX-License-Identifier: GPL-2.0-or-later
"""fork: both processes go on with the stores that were not durable at the fork."""

import re

from harness import report

FORKS = r"""
#include "guest.h"
#include <sys/wait.h>

int main(void) {
  int status = 0;
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 64) = 1;
  CLWB(PM_BASE + 64);
  pid_t child = fork();
  if (child < 0) pm_fail("fork");
  if (child == 0) {
    CLWB(PM_BASE);
    SFENCE();
    PM(uint64_t, 128) = 2;
    _exit(5);
  }
  waitpid(child, &status, 0);
  PM(uint64_t, 192) = 3;
  _exit(WEXITSTATUS(status));
}
"""


def test_parent_and_child_of_a_fork_each_report_their_stores(guest, pmemcheck, tmp_path):
    done = pmemcheck([guest(FORKS)], log="log.%p")
    assert (done.status, done.stdout, done.stderr) == (5, "", ""), done
    logs = {}
    for path in tmp_path.glob("log.*"):
        text = path.read_text()
        log = report.parse(text, preamble=text.startswith(preamble_of(text)))
        assert len(log.reports) == 1, text
        logs[frozenset((e.address - 0x200000000, e.size, e.state) for e in log.reports[0].lost)] = 1
    parent = frozenset({(0, 8, "DIRTY"), (64, 8, "FLUSHED"), (192, 8, "DIRTY")})
    child = frozenset({(128, 8, "DIRTY")})
    assert set(logs) == {parent, child}, done


def preamble_of(text):
    """RETURNS: the beginning of a log with a preamble.  The log of a forked child has none."""
    pid = re.match(r"==\d+== ", text)
    return (pid.group() if pid else "") + "pmemcheck-"


LOGS = r"""
#include "guest.h"
#include <sys/wait.h>

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_EMIT_LOG("both.BEGIN");
  if (fork() == 0) {
    VALGRIND_PMC_EMIT_LOG("child.BEGIN");
    _exit(0);
  }
  wait(NULL);
  VALGRIND_PMC_EMIT_LOG("parent.BEGIN");
  _exit(0);
}
"""


def test_the_child_does_not_log_again_what_the_parent_logged(guest, pmemcheck, tmp_path):
    pmemcheck([guest(LOGS)], options=["--log-stores=yes"], log="log.%p")
    logged = [set(re.findall(r"(\w+)\.BEGIN", path.read_text())) for path in tmp_path.glob("log.*")]
    assert sorted(map(sorted, logged)) == [["both", "parent"], ["child"]], logged
