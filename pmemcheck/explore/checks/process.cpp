// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/process.h"

#include <algorithm>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <fstream>
#include <string>
#include <system_error>

#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

// ---- time ---------------------------------------------------------------------------------------

namespace {

// A timer ticks while checkers run.  Each tick ends a wait, so that the caller can look at the
// clock.  A call in this process has no wait: there a tick past the limit ends the call.
struct Watch {
  std::chrono::milliseconds timeout{10000};
  bool is_prepared = false;
  volatile std::sig_atomic_t is_calling = 0;  // whether the checker's function runs in this process
  volatile std::sig_atomic_t ticks = 0;       // during this call
  std::sig_atomic_t most_ticks = 0;
  sigjmp_buf out;  // where a call that is cut short continues; valid while is_calling
};
constinit Watch g_watch = {};

enum CallEnd { kReturned = 0, kTooLong = 1, kFault = 2 };

void tick(int) {
  if (g_watch.is_calling == 0) return;
  g_watch.ticks = g_watch.ticks + 1;
  if (g_watch.ticks > g_watch.most_ticks) siglongjmp(g_watch.out, kTooLong);
}

volatile std::sig_atomic_t g_fault = 0;

void fault(int number) {
  g_fault = number;
  if (g_watch.is_calling != 0) siglongjmp(g_watch.out, kFault);
  std::signal(number, SIG_DFL);
  raise(number);
}

void set_handler(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_NODEFER;  // without SA_RESTART, so that waits end
  sigaction(number, &action, nullptr);
}

}  // namespace

void prepare_to_check(std::chrono::milliseconds timeout) {
  PM_CHECK(timeout.count() > 0);
  g_watch.timeout = timeout;
  g_watch.is_prepared = true;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  set_handler(SIGALRM, tick);
  constexpr int kTicks = 20;
  const auto tick_length =
      std::max<std::chrono::microseconds>(timeout / kTicks, std::chrono::milliseconds(5));
  g_watch.most_ticks =
      static_cast<std::sig_atomic_t>(std::chrono::microseconds(timeout) / tick_length + 1);
  itimerval timer = {};
  timer.it_interval.tv_sec = tick_length.count() / 1000000;
  timer.it_interval.tv_usec = tick_length.count() % 1000000;
  timer.it_value = timer.it_interval;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

std::chrono::milliseconds time_limit() {
  PM_CHECK(g_watch.is_prepared);
  return g_watch.timeout;
}

void catch_faults() {
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) set_handler(number, fault);
}

int status_of(int result) {
  return result == 0 || (result & 0xff) != 0 ? result & 0xff : 1;
}

Verdict call_in_time(int (*function)(const char*), const char* argument) {
  PM_CHECK(g_watch.is_prepared && g_watch.is_calling == 0);
  const int end = sigsetjmp(g_watch.out, 0);
  if (end == kReturned) {
    g_watch.ticks = 0;
    g_watch.is_calling = 1;
    const int result = function(argument);
    g_watch.is_calling = 0;
    if (result == 0) return {};
    return {.kind = VerdictKind::Exit, .number = status_of(result)};
  }
  g_watch.is_calling = 0;
  if (end == kTooLong) return {.kind = VerdictKind::TimedOut};
  return {.kind = VerdictKind::Signal, .number = g_fault};
}

// ---- processes ----------------------------------------------------------------------------------

void kill_children_of(pid_t parent) {
  PM_CHECK(parent > 0);
  const std::string number = std::to_string(parent);
  std::ifstream list("/proc/" + number + "/task/" + number + "/children");
  for (pid_t child; list >> child;) kill(child, SIGKILL);
}

bool reap_what_is_left() {
  bool any = false;
  while (true) {
    const pid_t reaped = waitpid(-1, nullptr, WNOHANG);
    if (reaped < 0 && errno == ECHILD) return any;
    any = true;
    if (reaped != 0) continue;
    kill_children_of(getpid());
    const int waited = waitpid(-1, nullptr, 0);
    if (waited < 0 && errno == ECHILD) return any;
  }
}

Verdict wait_for(pid_t leader) {
  PM_CHECK(g_watch.is_prepared && leader > 0);
  Verdict verdict;
  const Clock::time_point end = Clock::now() + g_watch.timeout;
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(leader), &info, WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "waiting for the checker");
    if (Clock::now() < end) continue;
    verdict.kind = VerdictKind::TimedOut;
    kill(leader, SIGKILL);  // it may not lead its group yet
    kill(-leader, SIGKILL);
  }
  kill(-leader, SIGKILL);  // safe, because its number is not reused until it is reaped
  int status = 0;
  while (waitpid(leader, &status, 0) < 0 && errno == EINTR) {
  }
  verdict.left_children = reap_what_is_left();
  if (verdict.kind == VerdictKind::TimedOut) return verdict;
  if (WIFSIGNALED(status)) {
    verdict.kind = VerdictKind::Signal;
    verdict.number = WTERMSIG(status);
  } else if (WEXITSTATUS(status) != 0) {
    verdict.kind = VerdictKind::Exit;
    verdict.number = WEXITSTATUS(status);
  }
  return verdict;
}

}  // namespace pmemcheck::explore
