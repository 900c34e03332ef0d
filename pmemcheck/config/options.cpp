// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/options.h"

#include <span>

#include "pmemcheck/base/format.h"

namespace pmemcheck {

namespace {

// An argument taken apart.  `value` is empty, and has_value false, where there is no "=".
struct Argument {
  explicit Argument(std::string_view text) : name(text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return;
    name = std::string_view(text.data(), equals);
    value = std::string_view(text.data() + equals + 1, text.size() - equals - 1);
    has_value = true;
  }
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

OptionResult parse_bool(const Argument& argument, bool& field) {
  if (!argument.has_value || (argument.value != "yes" && argument.value != "no"))
    return OptionResult::BadValue;
  field = argument.value == "yes";
  return OptionResult::Accepted;
}

// The values of an option that is a whole number, both ends inclusive.
struct Limits {
  std::uint64_t min;
  std::uint64_t max;  // kUnlimited: no upper end
};

OptionResult parse_int(const Argument& argument, Limits limits, std::uint64_t& field) {
  std::uint64_t value = 0;
  for (const char c : argument.value) {
    if (c < '0' || c > '9') return OptionResult::BadValue;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (~std::uint64_t{0} - digit) / 10) return OptionResult::BadValue;
    value = value * 10 + digit;
  }
  if (argument.value.empty() || value < limits.min || value > limits.max)
    return OptionResult::BadValue;
  field = value;
  return OptionResult::Accepted;
}

template <class Choice>
OptionResult parse_choice(const Argument& argument, Choice& field) {
  std::uint8_t number = 0;
  for (const std::string_view name : kChoices<Choice>) {
    if (argument.has_value && argument.value == name) {
      field = Choice{number};
      return OptionResult::Accepted;
    }
    number++;
  }
  return OptionResult::BadValue;
}

// "adr|eadr", or with other words between.
void write_choices(Formatter& out, std::span<const std::string_view> choices,
                   std::string_view between) {
  for (const std::string_view& choice : choices)
    out << (&choice == choices.data() ? "" : between) << choice;
}

OptionResult parse_files(const Argument& argument, Vector<PmemFiles>& field) {
  PmemFiles files;
  if (!parse_pmem_files(argument.value, &files)) return OptionResult::BadValue;
  field.push_back(files);
  return OptionResult::Accepted;
}

OptionResult parse_file(const Argument& argument, std::string_view& field) {
  if (argument.value.empty()) return OptionResult::BadValue;
  field = argument.value;
  return OptionResult::Accepted;
}

// "1 to 500", or "0 or more".
void write_limits(Formatter& out, Limits limits) {
  out << limits.min;
  if (limits.max == kUnlimited)
    out << " or more";
  else
    out << " to " << limits.max;
}

// Goes to the column of the help, behind `used` characters of the line.
void begin_help(Formatter& out, std::size_t used) {
  constexpr std::size_t kHelpColumn = 44;
  if (used >= kHelpColumn) {
    out << "\n";
    used = 0;
  }
  for (; used < kHelpColumn; used++) out << " ";
}

// Writes an option's help up to its default, which the caller writes.
void write_help(Formatter& out, std::string_view name, std::span<const std::string_view> values,
                std::string_view help) {
  out << "    " << name << "=";
  write_choices(out, values, "|");
  std::size_t used = 4 + name.size() + values.size();
  for (const std::string_view value : values) used += value.size();
  begin_help(out, used);
  out << help << " [";
}

constexpr std::string_view kBools[] = {"no", "yes"};
constexpr std::string_view kNumber[] = {"<number>"};
constexpr std::string_view kFiles[] = {"<glob>[=adr|=eadr]"};
constexpr std::string_view kFile[] = {"<file>"};

}  // namespace

OptionResult parse_option(std::string_view text, Options& options, Sink complaint) {
  const Argument argument(text);
  Formatter out(complaint);
#define PM_OPTION_BOOL(field, option_name, initial, help)                                          \
  if (argument.name == option_name) {                                                              \
    const OptionResult result = parse_bool(argument, options.field);                               \
    if (result != OptionResult::Accepted) out << text << ": want yes or no";                       \
    return result;                                                                                 \
  }
#define PM_OPTION_INT(field, option_name, initial, min, max, help)                                 \
  if (argument.name == option_name) {                                                              \
    const Limits limits{min, max};                                                                 \
    const OptionResult result = parse_int(argument, limits, options.field);                        \
    if (result != OptionResult::Accepted) {                                                        \
      out << text << ": want a whole number, ";                                                    \
      write_limits(out, limits);                                                                   \
    }                                                                                              \
    return result;                                                                                 \
  }
#define PM_OPTION_CHOICE(field, option_name, Type, initial, help)                                  \
  if (argument.name == option_name) {                                                              \
    const OptionResult result = parse_choice(argument, options.field);                             \
    if (result != OptionResult::Accepted) {                                                        \
      out << text << ": want ";                                                                    \
      write_choices(out, kChoices<Type>, " or ");                                                  \
    }                                                                                              \
    return result;                                                                                 \
  }
#define PM_OPTION_FILES(field, option_name, help)                                                  \
  if (argument.name == option_name) {                                                              \
    const OptionResult result = parse_files(argument, options.field);                              \
    if (result != OptionResult::Accepted)                                                          \
      out << text << ": want a pattern of absolute paths, which begins with / or *";               \
    return result;                                                                                 \
  }
#define PM_OPTION_FILE(field, option_name, help)                                                   \
  if (argument.name == option_name) {                                                              \
    const OptionResult result = parse_file(argument, options.field);                               \
    if (result != OptionResult::Accepted) out << text << ": want the name of a file";              \
    return result;                                                                                 \
  }
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE
  out << text << ": unknown option: want one of those that --help lists";
  return OptionResult::Unknown;
}

void write_option_help(Sink sink) {
  Formatter out(sink);
#define PM_OPTION_BOOL(field, name, initial, help)                                                 \
  write_help(out, name, kBools, help);                                                             \
  out << kBools[initial] << "]\n";
#define PM_OPTION_INT(field, name, initial, min, max, help)                                        \
  write_help(out, name, kNumber, help);                                                            \
  out << std::uint64_t{initial} << "; ";                                                           \
  write_limits(out, {min, max});                                                                   \
  out << "]\n";
#define PM_OPTION_CHOICE(field, name, Type, initial, help)                                         \
  write_help(out, name, kChoices<Type>, help);                                                     \
  out << kChoices<Type>[static_cast<std::size_t>(Type::initial)] << "]\n";
#define PM_OPTION_FILES(field, name, help)                                                         \
  write_help(out, name, kFiles, help);                                                             \
  out << "none]\n";
#define PM_OPTION_FILE(field, name, help)                                                          \
  write_help(out, name, kFile, help);                                                              \
  out << "none]\n";
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE
}

}  // namespace pmemcheck
