// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/translate/watching.h"

#include "pmemcheck/valgrind/command_line.h"

namespace pmemcheck {

namespace {

constinit bool g_has_pmem = false;  // or has had some
// A fault that the program handles may stop a run of stores halfway; the stores before it count.
constinit bool g_singly = false;

}  // namespace

constinit bool g_has_old_code = false;

void watch_stores() {
  g_has_old_code = g_has_old_code || !are_stores_watched();
  g_has_pmem = true;
}

void report_stores_singly() {
  g_has_old_code = g_has_old_code || !g_singly;
  g_singly = true;
}

bool are_stores_watched() {
  const Options& options = command_line::options();
  return g_has_pmem || options.indiff > 0 || !options.pmem_files.is_empty();
}

bool are_stores_reported_singly() {
  return g_singly;
}

void forget_old_code() {
  g_has_old_code = false;
}

}  // namespace pmemcheck
