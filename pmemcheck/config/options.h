// options.h: what the user asked for on the command line.
//
// Floor 1.  Tested in tests/config/test_options.cpp.  The options are the rows of
// pmemcheck/tables/options.def; its head explains the columns.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pmemcheck/base/grouping.h"
#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/config/pmem_files.h"

namespace pmemcheck {

// The best flush instruction that CPUID shows; it shows those before it as well.
enum class CpuFlush : std::uint8_t { clflush, clflushopt, clwb };

// When to report findings that are certain before the program ends.
enum class ReportWhen : std::uint8_t { exit, now, both };

// What people type for the values of an option of this type, in the order of the enumerators.
template <class Choice>
inline constexpr std::string_view kChoices[] = {};
template <>
inline constexpr std::string_view kChoices<Domain>[] = {"adr", "eadr"};
template <>
inline constexpr std::string_view kChoices<FenceScope>[] = {"thread", "process"};
template <>
inline constexpr std::string_view kChoices<CpuFlush>[] = {"clflush", "clflushopt", "clwb"};
template <>
inline constexpr std::string_view kChoices<ReportWhen>[] = {"exit", "now", "both"};
template <>
inline constexpr std::string_view kChoices<Grouping>[] = {"no", "yes", "auto"};

// Stands in options.def for "no upper end".
inline constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

struct Options {
#define PM_OPTION_BOOL(group, field, name, initial, help) bool field = initial;
#define PM_OPTION_INT(group, field, name, initial, min, max, help) std::uint64_t field = initial;
#define PM_OPTION_CHOICE(group, field, name, Type, initial, help) Type field = Type::initial;
#define PM_OPTION_FILES(group, field, name, help) Vector<PmemFiles> field;
#define PM_OPTION_FILE(group, field, name, help) std::string_view field;
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE
};

// The headings of --help, in their order.
enum class OptionGroup : std::uint8_t { memory, findings, report, recording, compatibility };

enum class OptionType : std::uint8_t { Bool, Int, Choice, Files, File };

// One row of options.def.
struct OptionInfo {
  OptionType type;
  OptionGroup group;
  std::string_view name;
  std::string_view help;
  std::span<const std::string_view> values;  // Bool and Choice: what people type, by number
  std::uint64_t min;                         // Int: the range, both ends inclusive
  std::uint64_t max;
  // Puts a value into the option's member.  RETURNS: whether the option can have that value; if
  // not, the options are unchanged.
  bool (*set)(const OptionInfo& option, std::string_view value, Options& options);
  // RETURNS: the number of the value that the option has.  REQUIRES: Bool, Int or Choice.
  std::uint64_t (*get)(const Options& options);
};

// RETURNS: the rows of options.def.
std::span<const OptionInfo> option_table();

enum class OptionResult {
  Accepted,
  Unknown,   // not an option of pmemcheck
  BadValue,  // an option of pmemcheck with a value that it cannot have
};

// Reads one argument, `--name=value`, into `options`.  If it is not accepted, writes one line to
// `complaint` (the argument and what was wanted, no end of line) and leaves `options` unchanged.
// REQUIRES: the argument's text lives as long as the options.
OptionResult parse_option(std::string_view argument, Options& options, Sink complaint);

// Writes --help: for each option its name, its values, what it does and its default, in groups.
void write_option_help(Sink sink);

}  // namespace pmemcheck
