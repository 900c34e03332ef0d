// options.h: what the user asked for on the command line.
//
// Floor 1.  Tested in tests/config/test_options.cpp.  The list is pmemcheck/tables/options.def.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "pmemcheck/base/grouping.h"
#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/config/pmem_files.h"

namespace pmemcheck {

// Which flush instructions CPUID shows: those up to this one.
enum class CpuFlush : std::uint8_t { clflush, clflushopt, clwb };

// When findings that are certain before the program ends are told.
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
#define PM_OPTION_BOOL(field, name, initial, help) bool field = initial;
#define PM_OPTION_INT(field, name, initial, min, max, help) std::uint64_t field = initial;
#define PM_OPTION_CHOICE(field, name, Type, initial, help) Type field = Type::initial;
#define PM_OPTION_FILES(field, name, help) Vector<PmemFiles> field;
#define PM_OPTION_FILE(field, name, help) std::string_view field;
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE
};

enum class OptionResult {
  Accepted,
  Unknown,   // no option of ours
  BadValue,  // an option of ours, with a value that it cannot have
};

// Reads one argument, `--name=value`, into `options`.  If it is not accepted, says why in one line
// (argument, what was wanted, no end of line) on `complaint`, and leaves `options` as they are.
// REQUIRES: the argument's text lives as long as the options.
OptionResult parse_option(std::string_view argument, Options& options, Sink complaint);

// Writes a line or two for each option: name, values, what it does, its default.
void write_option_help(Sink sink);

}  // namespace pmemcheck
