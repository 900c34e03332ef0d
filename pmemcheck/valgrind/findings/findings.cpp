// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/findings/findings.h"

#include <new>

#include "pmemcheck/base/format.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/findings/errors.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/threads.h"

namespace pmemcheck::findings {

namespace {

struct State {
  Vector<Finding> list;
  Groups reported;  // while the program ran
  std::uint64_t reported_of_kind[kFindingKinds] = {};
  std::uint64_t suppressed = 0;
  HashMap<std::uint32_t> disabled;  // by thread: how often
};
constinit State* g_state = nullptr;

void report_now(const Finding& f) {
  State& s = *g_state;
  const std::size_t most = errors::max_reported_now();
  if (s.reported.size() > most || !s.reported.add(f)) return;
  if (s.reported.size() <= most) {
    errors::print_group(Group::of(f), errors::Debugger::MayAttach);
    return;
  }
  Formatter(output::log()) << "More than " << most
                           << " different findings: the rest are counted, and not reported now.\n"
                           << "Use --error-limit=no to see all of them.\n\n";
}

// Annotates the finding, and reports it now if the options say so.
// RETURNS: whether the report at exit is to list it.
bool settle(Finding& f) {
  State& s = *g_state;
  annotate(f);
  if (errors::is_suppressed(f, errors::Counted::Yes)) {
    s.suppressed++;
    return false;
  }
  switch (command_line::options().report) {
  case ReportWhen::exit: return true;
  case ReportWhen::both:
    report_now(f);
    if (!VG_(clo_xml)) return true;  // an XML document lists each finding once
    break;
  case ReportWhen::now: report_now(f); break;
  }
  s.reported_of_kind[static_cast<std::size_t>(f.kind)]++;
  return false;
}

}  // namespace

constinit UInt g_disabled_threads = 0;

void start() {
  g_state = ::new (host_allocate(sizeof *g_state, "findings")) State;
}

const Vector<Finding>& list() {
  return g_state->list;
}

Batch::~Batch() {
  if (list_.is_empty() || is_disabled(threads::running())) return;
  const ThreadId thread = VG_(get_running_tid)();
  for (Finding& f : list_) {
    if (thread != VG_INVALID_THREADID) f.thread = thread;
    if (settle(f)) g_state->list.push_back(f);
  }
}

void annotate(Finding& f) {
  if (f.kind != FindingKind::ActiveTransaction) f.place = run::places().at(f.bytes.begin);
  const bool never_flushed = f.kind == FindingKind::NotPersisted && f.state == ByteState::Dirty;
  if (const PersistDeadlines* deadlines = run::deadlines(); deadlines != nullptr && never_flushed)
    f.deadline = deadlines->first_after(f.bytes.begin);
}

void fill_in(TextReportOptions& options) {
  for (std::size_t kind = 0; kind < kFindingKinds; kind++)
    options.reported_before[kind] = g_state->reported_of_kind[kind];
  options.suppressed = g_state->suppressed;
}

std::uint64_t count() {
  std::uint64_t count = g_state->list.size();
  for (const std::uint64_t reported : g_state->reported_of_kind) count += reported;
  return count;
}

void disable(ThreadNo thread) {
  if (g_state->disabled.get(static_cast<std::uint32_t>(thread))++ == 0) g_disabled_threads++;
}

void enable(ThreadNo thread) {
  std::uint32_t* times = g_state->disabled.find(static_cast<std::uint32_t>(thread));
  if (times == nullptr || *times == 0) return;
  if (--*times == 0) g_disabled_threads--;
}

bool is_among_disabled(ThreadNo thread) {
  const std::uint32_t* times = g_state->disabled.find(static_cast<std::uint32_t>(thread));
  return times != nullptr && *times != 0;
}

}  // namespace pmemcheck::findings
