// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/record/store_log.h"

#include <new>

#include "pmemcheck/base/host.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

namespace pmemcheck::store_log {

namespace {

constinit TextLog* g_log = nullptr;
constinit bool g_stopped = false;

}  // namespace

void start() {
  if (!command_line::options().log_stores) return;
  g_log = ::new (host_allocate(sizeof(TextLog), "store log"))
      TextLog(output::log_with_open_lines(pause));
  g_log->start();
}

void stop() {
  if (g_log == nullptr || g_stopped) return;
  g_stopped = true;
  g_log->stop();
}

void go_on() {
  if (g_log == nullptr || !g_stopped) return;
  g_stopped = false;
  g_log->start();
}

TextLog* log() {
  return g_stopped ? nullptr : g_log;
}

void store(GuestRange range, StackId stack) {
  if (log() == nullptr) return;
  const auto* value = reinterpret_cast<const std::uint8_t*>(range.begin.raw());
  g_log->store(range.begin, {value, range.size()},
               command_line::options().log_stores_stacktraces ? stacks::frames_for_log(stack) : "");
}

void pause() {
  if (g_log != nullptr) g_log->pause();
}

}  // namespace pmemcheck::store_log
