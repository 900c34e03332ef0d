// findings.h: what has been found for certain while the program runs.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/report/text_report.h"
#include "pmemcheck/rules/finding.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::findings {

// Call once, when the options are final, before any other function here.
void start();

// What is to be told at exit, in the order in which it happened.  Rules add to it; call settle()
// then, with the thread whose doing it was.
Vector<Finding>& list();
void settle(ThreadId thread);

// Says of a finding where it lies and where its store should have been durable.
void annotate(Finding& finding);

// What was told when it happened, and is not in the list; and what was suppressed.
void fill_in(TextReportOptions& options);
// RETURNS: how many findings there are, the suppressed ones left out.
std::uint64_t count();

// The thread's doings are not to be reported, nor what it stores; calls nest.
void disable(ThreadNo thread);
void enable(ThreadNo thread);
extern constinit UInt g_disabled_threads;
bool is_among_disabled(ThreadNo thread);
inline bool is_any_disabled() {
  return g_disabled_threads != 0;
}
inline bool is_disabled(ThreadNo thread) {
  return is_any_disabled() && is_among_disabled(thread);
}

}  // namespace pmemcheck::findings
