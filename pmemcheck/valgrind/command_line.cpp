// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/command_line.h"

#include <new>

#include "pmemcheck/base/host.h"
#include "pmemcheck/valgrind/output.h"

namespace pmemcheck::command_line {

namespace {

constinit Options* g_options = nullptr;

}  // namespace

void start() {
  g_options = ::new (host_allocate(sizeof *g_options, "options")) Options;
}

const Options& options() {
  return *g_options;
}

Bool process(const HChar* argument) {
  // None of our options can be changed while the program runs.
  if (VG_(Clo_Mode)() == cloD) return False;
  char why[512];
  output::Buffer complaint(why, sizeof why);
  const OptionResult result = parse_option(argument, *g_options, complaint.sink());
  if (result == OptionResult::Accepted) return True;
  VG_(fmsg)("%s\n", why);
  VG_(exit)(1);
}

void print_usage() {
  write_option_help(output::plain());
}

void print_debug_usage() {
  output::plain().write("    (none)\n");
}

}  // namespace pmemcheck::command_line
