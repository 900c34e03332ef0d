// main.cpp: registers the tool with Valgrind's core.
//
// Floor 4.  Only wiring: registers a function for each callback of the core.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/address_space.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/findings/errors.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/record/store_log.h"
#include "pmemcheck/valgrind/record/trace.h"
#include "pmemcheck/valgrind/requests.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/syscalls.h"
#include "pmemcheck/valgrind/threads.h"
#include "pmemcheck/valgrind/translate/instrument.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

namespace {

void after_command_line() {
  stacks::start();
  errors::start();
  findings::start();
  threads::start();
  run::start();
  address_space::start();
  syscalls::start();
  store_log::start();
  trace::start();
  events::start();
}

void at_exit(Int) {
  events::program_ends();
  errors::silence_sum();
}

void before_command_line() {
  command_line::start();
  VG_(details_name)("pmemcheck");
  VG_(details_version)(PMEMCHECK_VERSION);
  VG_(details_description)("a simple persistent store checker");
  VG_(details_copyright_author)("Copyright (c) 2026, and GNU GPL'd, by the pmemcheck authors.");
  VG_(details_bug_reports_to)(PMEMCHECK_BUG_REPORTS);
  VG_(details_avg_translation_sizeB)(240);
  VG_(basic_tool_funcs)(after_command_line, instrument, at_exit);
  VG_(needs_command_line_options)
  (command_line::process, command_line::print_usage, command_line::print_debug_usage);
  VG_(needs_client_requests)(handle_request);
  errors::announce();
  threads::track_events();
  events::track_events();
  address_space::track_events();
  syscalls::track_events();
}

}  // namespace

}  // namespace pmemcheck

VG_DETERMINE_INTERFACE_VERSION(pmemcheck::before_command_line)
