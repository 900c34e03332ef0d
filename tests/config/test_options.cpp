// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/options.h"

#include <string>
#include <vector>

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

struct BoolRow {
  bool Options::*field;
  std::string name;
  bool initial;
  std::string help;
};
struct IntRow {
  std::uint64_t Options::*field;
  std::string name;
  std::uint64_t initial, min, max;
  std::string help;
};

struct ChoiceRow {
  std::string name, initial, help;
};

#define PM_OPTION_CHOICE(field, name, Type, initial, help)
#define PM_OPTION_FILES(field, name, help)
#define PM_OPTION_FILE(field, name, help)

const std::vector<BoolRow> kBools = {
#define PM_OPTION_BOOL(field, name, initial, help) {&Options::field, name, initial, help},
#define PM_OPTION_INT(field, name, initial, min, max, help)
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
};

const std::vector<IntRow> kInts = {
#define PM_OPTION_BOOL(field, name, initial, help)
#define PM_OPTION_INT(field, name, initial, min, max, help)                                        \
  {&Options::field, name, initial, min, max, help},
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
};

#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE

const std::vector<ChoiceRow> kChoiceRows = {
#define PM_OPTION_BOOL(field, name, initial, help)
#define PM_OPTION_INT(field, name, initial, min, max, help)
#define PM_OPTION_CHOICE(field, name, Type, initial, help)                                         \
  {name, std::string(kChoices<Type>[static_cast<std::size_t>(Type::initial)]), help},
#define PM_OPTION_FILE(field, name, help)
#define PM_OPTION_FILES(field, name, help)
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
#undef PM_OPTION_CHOICE
#undef PM_OPTION_FILES
#undef PM_OPTION_FILE
};

Options accepted(const std::string& argument) {
  Options options;
  Text text;
  assert_int_equal(parse_option(argument, options, text.sink()), OptionResult::Accepted);
  assert_string_equal(text.c_str(), "");
  return options;
}

// What is said about an argument that is not accepted.
std::string complaint_about(const std::string& argument, OptionResult expected) {
  Options options;
  Text text;
  assert_int_equal(parse_option(argument, options, text.sink()), expected);
  return text.str();
}

}  // namespace

UNIT_TEST(each_option_can_be_switched_on_and_off) {
  for (const BoolRow& row : kBools) {
    assert_int_equal(Options().*row.field, row.initial);
    assert_true(accepted(row.name + "=yes").*row.field);
    assert_false(accepted(row.name + "=no").*row.field);
  }
}

UNIT_TEST(each_number_can_be_the_least_and_the_most_of_its_range) {
  for (const IntRow& row : kInts) {
    assert_int_equal(Options().*row.field, row.initial);
    for (const std::uint64_t value : {row.min, row.max})
      assert_int_equal(accepted(row.name + "=" + std::to_string(value)).*row.field, value);
  }
}

UNIT_TEST(each_choice_can_be_made_by_its_name) {
  assert_int_equal(accepted("--domain=eadr").domain, Domain::eadr);
  assert_int_equal(accepted("--domain=adr").domain, Domain::adr);
  assert_int_equal(accepted("--fence-scope=thread").fence_scope, FenceScope::thread);
  assert_int_equal(accepted("--fence-scope=process").fence_scope, FenceScope::process);
  assert_int_equal(accepted("--cpu-flush=clflush").cpu_flush, CpuFlush::clflush);
  assert_int_equal(accepted("--cpu-flush=clflushopt").cpu_flush, CpuFlush::clflushopt);
  assert_int_equal(accepted("--cpu-flush=clwb").cpu_flush, CpuFlush::clwb);
  assert_int_equal(accepted("--group=no").group, Grouping::no);
  assert_int_equal(accepted("--group=yes").group, Grouping::yes);
  assert_int_equal(accepted("--group=auto").group, Grouping::automatic);
}

UNIT_TEST(a_choice_that_is_none_is_named_with_all_that_are) {
  for (const char* argument : {"--cpu-flush=sse", "--cpu-flush=", "--cpu-flush"})
    assert_string_equal(complaint_about(argument, OptionResult::BadValue).c_str(),
                        (std::string(argument) + ": want clflush or clflushopt or clwb").c_str());
}

UNIT_TEST(files_are_gathered_in_the_order_given) {
  Options options;
  Text text;
  parse_option("--pmem-file=/mnt/*", options, text.sink());
  parse_option("--pmem-file=/mnt/cxl/*=eadr", options, text.sink());
  assert_int_equal(options.pmem_files.size(), 2);
  assert_true(options.pmem_files[1].pattern == "/mnt/cxl/*");
  assert_string_equal(
      complaint_about("--pmem-file=pool", OptionResult::BadValue).c_str(),
      "--pmem-file=pool: want a pattern of absolute paths, which begins with / or *");
}

UNIT_TEST(a_bad_value_is_named_with_what_was_wanted) {
  for (const char* argument : {"--isa-rec=maybe", "--isa-rec=", "--isa-rec"})
    assert_string_equal(complaint_about(argument, OptionResult::BadValue).c_str(),
                        (std::string(argument) + ": want yes or no").c_str());
}

UNIT_TEST(a_number_out_of_range_is_named_with_the_range) {
  for (const char* value : {"-3", "", "x", "1x", "0x10", "18446744073709551616", "+1", " 1"}) {
    const std::string argument = std::string("--indiff=") + value;
    assert_string_equal(complaint_about(argument, OptionResult::BadValue).c_str(),
                        (argument + ": want a whole number, 0 or more").c_str());
  }
  assert_string_equal(
      complaint_about("--log-stores-stacktraces-depth=0", OptionResult::BadValue).c_str(),
      "--log-stores-stacktraces-depth=0: want a whole number, 1 to 500");
  complaint_about("--log-stores-stacktraces-depth=501", OptionResult::BadValue);
}

UNIT_TEST(an_unknown_option_is_named) {
  assert_string_equal(complaint_about("--no-such=1", OptionResult::Unknown).c_str(),
                      "--no-such=1: unknown option: want one of those that --help lists");
  complaint_about("--indif=1", OptionResult::Unknown);
  complaint_about("--isa-recc=yes", OptionResult::Unknown);
  complaint_about("--isa-re=yes", OptionResult::Unknown);
}

UNIT_TEST(a_refused_argument_changes_nothing) {
  Options options;
  options.isa_rec = false;
  options.indiff = 5;
  Text text;
  parse_option("--isa-rec=nope", options, text.sink());
  parse_option("--indiff=12x", options, text.sink());
  assert_false(options.isa_rec);
  assert_int_equal(options.indiff, 5);
}

UNIT_TEST(help_lists_each_option_with_its_values_and_default) {
  Text text;
  write_option_help(text.sink());
  const auto has = [&](const std::string& words) {
    return text.str().find(words) != std::string::npos;
  };
  for (const BoolRow& row : kBools) {
    assert_true(has("    " + row.name + "=no|yes"));
    assert_true(has(row.help + " [" + (row.initial ? "yes" : "no") + "]\n"));
  }
  for (const ChoiceRow& row : kChoiceRows) {
    assert_true(has("    " + row.name + "="));
    assert_true(has(row.help + " [" + row.initial + "]\n"));
  }
  assert_true(has("    --domain=adr|eadr"));
  assert_true(has("    --group=no|yes|auto"));
  assert_true(has("auto: if over " + std::to_string(kMany) + " [auto]\n"));
  assert_true(has("    --pmem-file=<glob>[=adr|=eadr]"));
  for (const IntRow& row : kInts) {
    assert_true(has("    " + row.name + "=<number>"));
    assert_true(
        has(row.help + " [" + std::to_string(row.initial) + "; " + std::to_string(row.min)));
  }
}
