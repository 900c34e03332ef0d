// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/options.h"

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/format.h"

namespace pmemcheck {

namespace {

// ---- parse(): the value of an option, by the type of its member ---------------------------------
// RETURNS: whether the option can have `value`; if not, `field` is unchanged.

// RETURNS: the index of `value` among those that people type; how many there are if it is none of
// them.
std::size_t index_of(const OptionInfo& option, std::string_view value) {
  std::size_t index = 0;
  while (index < option.values.size() && option.values[index] != value) index++;
  return index;
}

bool parse(const OptionInfo& option, std::string_view value, bool& field) {
  const std::size_t index = index_of(option, value);
  if (index == option.values.size()) return false;
  field = index == 1;
  return true;
}

template <class Choice>
bool parse(const OptionInfo& option, std::string_view value, Choice& field) {
  const std::size_t index = index_of(option, value);
  if (index == option.values.size()) return false;
  field = static_cast<Choice>(index);
  return true;
}

bool parse(const OptionInfo& option, std::string_view value, std::uint64_t& field) {
  std::uint64_t number = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return false;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (~std::uint64_t{0} - digit) / 10) return false;
    number = number * 10 + digit;
  }
  if (value.empty() || number < option.min || number > option.max) return false;
  field = number;
  return true;
}

bool parse(const OptionInfo&, std::string_view value, Vector<PmemFiles>& field) {
  PmemFiles files;
  if (!parse_pmem_files(value, &files)) return false;
  field.push_back(files);
  return true;
}

bool parse(const OptionInfo&, std::string_view value, std::string_view& field) {
  if (value.empty()) return false;
  field = value;
  return true;
}

// ---- the table ----------------------------------------------------------------------------------

constexpr std::string_view kNoYes[] = {"no", "yes"};

template <auto kField>
bool set(const OptionInfo& option, std::string_view value, Options& options) {
  return parse(option, value, options.*kField);
}

template <auto kField>
std::uint64_t get(const Options& options) {
  return static_cast<std::uint64_t>(options.*kField);
}

constexpr OptionInfo kOptions[] = {
#define PM_OPTION_BOOL(group, field, name, initial, help)                                          \
  {OptionType::Bool,     OptionGroup::group,  name, help, kNoYes, 0, 0,                            \
   set<&Options::field>, get<&Options::field>},
#define PM_OPTION_INT(group, field, name, initial, min, max, help)                                 \
  {OptionType::Int,      OptionGroup::group,  name, help, {}, min, max,                            \
   set<&Options::field>, get<&Options::field>},
#define PM_OPTION_CHOICE(group, field, name, Type, initial, help)                                  \
  {OptionType::Choice,   OptionGroup::group,  name, help, kChoices<Type>, 0, 0,                    \
   set<&Options::field>, get<&Options::field>},
#define PM_OPTION_FILES(group, field, name, help)                                                  \
  {OptionType::Files, OptionGroup::group, name, help, {}, 0, 0, set<&Options::field>, nullptr},
#define PM_OPTION_FILE(group, field, name, help)                                                   \
  {OptionType::File, OptionGroup::group, name, help, {}, 0, 0, set<&Options::field>, nullptr},
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE
};

const OptionInfo* option_named(std::string_view name) {
  for (const OptionInfo& option : kOptions)
    if (option.name == name) return &option;
  return nullptr;
}

// ---- what a value may be, in words --------------------------------------------------------------

// "1 to 500", or "0 or more".
void write_limits(Formatter& out, const OptionInfo& option) {
  out << option.min;
  if (option.max == kUnlimited)
    out << " or more";
  else
    out << " to " << option.max;
}

void write_wanted(Formatter& out, const OptionInfo& option) {
  switch (option.type) {
  case OptionType::Bool: out << "yes or no"; return;
  case OptionType::Int:
    out << "a whole number, ";
    write_limits(out, option);
    return;
  case OptionType::Choice:
    for (std::size_t i = 0; i < option.values.size(); i++)
      out << (i == 0 ? "" : " or ") << option.values[i];
    return;
  case OptionType::Files: out << "a pattern of absolute paths, which begins with / or *"; return;
  case OptionType::File: out << "the name of a file"; return;
  }
}

// ---- --help -------------------------------------------------------------------------------------

// By OptionGroup.
constexpr std::string_view kHeadings[] = {
    "Which memory is persistent, and how it behaves:",
    "What is reported:",
    "When and how it is reported:",
    "What is recorded:",
    "For programs and tests that were written for another pmemcheck:",
};
static_assert(std::size(kHeadings) == static_cast<std::size_t>(OptionGroup::compatibility) + 1);

// Text in lines of the length that Valgrind's own --help has.
class HelpText {
 public:
  explicit HelpText(Formatter& out) : out_(out) {}
  HelpText& operator<<(std::string_view text) {
    out_ << text;
    column_ += text.size();
    return *this;
  }
  // Moves to the column where sentences begin, on a new line if this one is past it.
  void begin_sentence() {
    if (column_ >= kSentenceColumn) end_line();
    for (; column_ < kSentenceColumn; column_++) out_ << " ";
    is_first_word_ = true;
  }
  // Adds to the sentence, on a new line if `word` would pass the last column.
  void add_word(std::string_view word) {
    if (!is_first_word_ && column_ + 1 + word.size() > kColumns) begin_sentence();
    if (!is_first_word_) *this << " ";
    *this << word;
    is_first_word_ = false;
  }
  void add_words(std::string_view text) {
    while (!text.empty()) {
      const std::size_t space = text.find(' ');
      const std::size_t end = space == text.npos ? text.size() : space;
      add_word({text.data(), end});
      text.remove_prefix(space == text.npos ? end : end + 1);
    }
  }
  void end_line() {
    out_ << "\n";
    column_ = 0;
  }

 private:
  static constexpr std::size_t kSentenceColumn = 32;
  static constexpr std::size_t kColumns = 80;

  Formatter& out_;
  std::size_t column_ = 0;
  bool is_first_word_ = true;
};

void write_values(HelpText& out, const OptionInfo& option) {
  switch (option.type) {
  case OptionType::Bool:
  case OptionType::Choice:
    for (std::size_t i = 0; i < option.values.size(); i++)
      out << (i == 0 ? "" : "|") << option.values[i];
    return;
  case OptionType::Int: out << "<number>"; return;
  case OptionType::Files: out << "<glob>[=adr|=eadr]"; return;
  case OptionType::File: out << "<file>"; return;
  }
}

// An option's default as one word, which is not broken: "[yes]", "[1; 1 to 500]" or "[none]".
class DefaultWord {
 public:
  explicit DefaultWord(const OptionInfo& option) {
    Formatter out(Sink(append, this));
    out << "[";
    switch (option.type) {
    case OptionType::Bool:
    case OptionType::Choice: out << option.values[option.get(Options())]; break;
    case OptionType::Int:
      out << option.get(Options()) << "; ";
      write_limits(out, option);
      break;
    case OptionType::Files:
    case OptionType::File: out << "none"; break;
    }
    out << "]";
  }
  std::string_view text() const { return {text_, used_}; }

 private:
  static void append(void* self, std::string_view text) {
    auto* word = static_cast<DefaultWord*>(self);
    PM_CHECK(text.size() <= sizeof word->text_ - word->used_);
    for (const char c : text) word->text_[word->used_++] = c;
  }

  std::size_t used_ = 0;  // 0 .. sizeof text_
  char text_[80];
};

}  // namespace

std::span<const OptionInfo> option_table() {
  return kOptions;
}

OptionResult parse_option(std::string_view argument, Options& options, Sink complaint) {
  const std::size_t equals = argument.find('=');
  const bool has_value = equals != argument.npos;
  const std::string_view name(argument.data(), has_value ? equals : argument.size());
  std::string_view value;
  if (has_value) value = {argument.data() + equals + 1, argument.size() - equals - 1};
  Formatter out(complaint);
  const OptionInfo* option = option_named(name);
  if (option == nullptr) {
    out << argument << ": unknown option: want one of those that --help lists";
    return OptionResult::Unknown;
  }
  if (option->set(*option, value, options)) return OptionResult::Accepted;
  out << argument << ": want ";
  write_wanted(out, *option);
  return OptionResult::BadValue;
}

void write_option_help(Sink sink) {
  Formatter formatter(sink);
  HelpText out(formatter);
  for (std::size_t group = 0; group < std::size(kHeadings); group++) {
    out << "    " << kHeadings[group];
    out.end_line();
    for (const OptionInfo& option : kOptions) {
      if (static_cast<std::size_t>(option.group) != group) continue;
      out << "      " << option.name << "=";
      write_values(out, option);
      out.begin_sentence();
      out.add_words(option.help);
      out.add_word(DefaultWord(option).text());
      out.end_line();
    }
  }
}

}  // namespace pmemcheck
