// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/findings/errors.h"

#include <string_view>

#include "pmemcheck/report/explanation.h"
#include "pmemcheck/report/text_report.h"
#include "pmemcheck/report/xml_report.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

namespace pmemcheck::errors {

namespace {

// ---- what the core asks about an error ----------------------------------------------------------

const Group& group_of(const Error* error) {
  return *static_cast<const Group*>(VG_(get_error_extra)(error));
}

// The core wants are_equal() for errors that it records itself; there are none.
Bool are_equal(VgRes, const Error* a, const Error* b) {
  return group_of(a).holds(group_of(b).first) ? True : False;
}

void before_print(const Error*) {}

void print(const Error* error) {
  if (VG_(clo_xml))
    write_xml_finding(output::xml(), group_of(error), {{stacks::xml, nullptr}, run::places()});
  else
    write_text_finding(output::log(), group_of(error).first,
                       {{stacks::text, nullptr}, run::places()});
}

UInt update_extra(const Error*) {
  return sizeof(Group);
}

// ---- suppressions -------------------------------------------------------------------------------

Bool recognise(const HChar* name, Supp* suppression) {
  const FindingInfo* info = finding_named(name);
  if (info == nullptr) return False;
  VG_(set_supp_kind)(suppression, static_cast<SuppKind>(info->kind));
  return True;
}

Bool read_extra(Int, HChar**, SizeT*, Int*, Supp*) {
  return True;
}

Bool matches(const Error* error, const Supp* suppression) {
  return VG_(get_supp_kind)(suppression) == VG_(get_error_kind)(error) ? True : False;
}

const HChar* suppression_name(const Error* error) {
  return info_of(group_of(error).first.kind).name.data();
}

SizeT print_extra(const Error*, HChar* text, Int) {
  text[0] = 0;
  return 0;
}

SizeT print_extra_use(const Supp*, HChar* text, Int) {
  text[0] = 0;
  return 0;
}

void update_extra_use(const Error*, const Supp*) {}

// ---- options of the core that it keeps from tools -----------------------------------------------

// RETURNS: the value of the core's option `name`, which ends in "="; the last one, if it was given
// several times.
std::string_view core_option(std::string_view name) {
  std::string_view value;
  for (Word i = 0; i < VG_(sizeXA)(VG_(args_for_valgrind)); i++) {
    const std::string_view argument =
        *static_cast<HChar**>(VG_(indexXA)(VG_(args_for_valgrind), i));
    if (!argument.starts_with(name)) continue;
    value = {argument.data() + name.size(), argument.size() - name.size()};
  }
  return value;
}

// Adds our suppressions, which are installed beside the tool, to the command line, because the core
// reads only its own and those named there.  Programs that the program executes also get them this
// way.
void add_default_suppressions() {
  constexpr std::string_view kOption = "--suppressions=";
  HChar option[VKI_PATH_MAX + 64];
  const UInt length =
      VG_(snprintf)(option, sizeof option, "--suppressions=%s/pmemcheck.supp", VG_(libdir));
  if (length >= sizeof option || core_option("--default-suppressions=") == "no") return;
  // The core ends the run if the file does not exist.
  const SysRes file = VG_(open)(option + kOption.size(), VKI_O_RDONLY, 0);
  if (sr_isError(file)) return;
  VG_(close)(static_cast<Int>(sr_Res(file)));
  for (Word i = 0; i < VG_(sizeXA)(VG_(args_for_valgrind)); i++)
    if (std::string_view(*static_cast<HChar**>(VG_(indexXA)(VG_(args_for_valgrind), i))) == option)
      return;
  HChar* kept = VG_(strdup)("pmemcheck.suppressions", option);
  VG_(addToXA)(VG_(args_for_valgrind), &kept);
}

// ---- the tool's name ----------------------------------------------------------------------------

// Suppressions spell the tool's name with a capital; scripts expect small letters in the preamble,
// which the child of a fork may write at any time.
void name_for_suppressions() {
  VG_(details_name)("Pmemcheck");
}

void name_for_all_else() {
  VG_(details_name)("pmemcheck");
}

// Runs once the core has read the suppressions.
void before_first_instruction(ThreadId) {
  name_for_all_else();
}

bool unique_error(const Group& group, Bool print, Debugger debugger, Bool count) {
  name_for_suppressions();
  const Finding& f = group.first;
  const Bool suppressed =
      VG_(unique_error)(f.thread, static_cast<ErrorKind>(f.kind), f.bytes.begin.raw(), nullptr,
                        const_cast<Group*>(&group), stacks::context_of(f.stack), print,
                        debugger == Debugger::MayAttach ? True : False, count);
  name_for_all_else();
  return suppressed != False;
}

}  // namespace

void announce() {
  VG_(needs_tool_errors)
  (are_equal, before_print, print, /*show_ThreadIDs_for_errors=*/True, update_extra, recognise,
   read_extra, matches, suppression_name, print_extra, print_extra_use, update_extra_use);
  VG_(needs_xml_output)();
  VG_(track_pre_thread_first_insn)(before_first_instruction);
  add_default_suppressions();
}

void start() {
  name_for_suppressions();
}

bool is_suppressed(const Finding& finding, Counted counted) {
  return unique_error(Group::of(finding), False, Debugger::StaysAway,
                      counted == Counted::Yes ? True : False);
}

void print_group(const Group& group, Debugger debugger) {
  unique_error(group, True, debugger, False);
}

bool wants_suppressions() {
  const std::string_view value = core_option("--gen-suppressions=");
  return value == "yes" || value == "all";
}

std::size_t max_reported_now() {
  constexpr std::size_t kDifferent = 1000;  // the core's own limit
  return core_option("--error-limit=") == "no" ? ~std::size_t{0} : kDifferent;
}

void silence_sum() {
  // With -v or -s the user asked for the core's list, and the core prints it regardless.
  if (!VG_(clo_xml)) VG_(clo_verbosity) = 0;
}

}  // namespace pmemcheck::errors
