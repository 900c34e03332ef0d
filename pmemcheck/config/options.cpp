// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/options.h"

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

void write_help(Formatter& out, std::string_view name, std::string_view values,
                std::string_view help, std::string_view initial) {
  constexpr std::size_t kHelpColumn = 36;
  out << "    " << name << "=" << values;
  std::size_t column = 4 + name.size() + 1 + values.size();
  if (column >= kHelpColumn) {
    out << "\n";
    column = 0;
  }
  for (; column < kHelpColumn; column++) out << " ";
  out << help << " [" << initial << "]\n";
}

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
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
  out << text << ": unknown option: want one of those that --help lists";
  return OptionResult::Unknown;
}

void write_option_help(Sink sink) {
  Formatter out(sink);
#define PM_OPTION_BOOL(field, name, initial, help)                                                 \
  write_help(out, name, "no|yes", help, (initial) ? "yes" : "no");
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
}

}  // namespace pmemcheck
