// findings.h: collects the findings that are certain while the program runs.
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

// RETURNS: what the report at exit will list, in the order in which it happened.
const Vector<Finding>& list();

// While a Batch lives, rules add findings about the running thread to its list().  Its destructor
// settles them: each is annotated, then suppressed, reported now, or kept for the report at exit.
// A temporary lasts for the call that it is passed to:
//
//     check_flush(machine, flushed, stack, same_place, Batch().list());
class Batch {
 public:
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch();
  Vector<Finding>& list() { return list_; }

 private:
  Vector<Finding> list_;
};

// Adds to a finding where it lies and where its store should have been durable.
void annotate(Finding& finding);

// Adds the counts of what is not in list(): findings that were reported when they happened, and
// suppressed ones.
void fill_in(TextReportOptions& options);
// RETURNS: how many findings there are, without the suppressed ones.
std::uint64_t count();

// What the thread does and stores is not reported; calls nest.
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
