// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/options.h"

#include <string>
#include <vector>

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

std::vector<OptionInfo> options_of(OptionType type) {
  std::vector<OptionInfo> rows;
  for (const OptionInfo& option : option_table())
    if (option.type == type) rows.push_back(option);
  assert_false(rows.empty());
  return rows;
}

std::string argument_for(const OptionInfo& option, std::string_view value) {
  return std::string(option.name) + "=" + std::string(value);
}

Options accepted(const std::string& argument) {
  Options options;
  Text text;
  assert_int_equal(parse_option(argument, options, text.sink()), OptionResult::Accepted);
  assert_string_equal(text.c_str(), "");
  return options;
}

// RETURNS: the complaint about an argument that is not accepted.
std::string complaint_about(const std::string& argument, OptionResult expected) {
  Options options;
  Text text;
  assert_int_equal(parse_option(argument, options, text.sink()), expected);
  return text.str();
}

}  // namespace

UNIT_TEST(every_switch_can_be_set_to_yes_and_to_no) {
  for (const OptionInfo& option : options_of(OptionType::Bool)) {
    assert_int_equal(option.get(accepted(argument_for(option, "yes"))), 1);
    assert_int_equal(option.get(accepted(argument_for(option, "no"))), 0);
  }
}

UNIT_TEST(every_number_can_be_set_to_both_ends_of_its_range) {
  for (const OptionInfo& option : options_of(OptionType::Int)) {
    assert_in_range(option.get(Options()), option.min, option.max);
    for (const std::uint64_t value : {option.min, option.max})
      assert_int_equal(option.get(accepted(argument_for(option, std::to_string(value)))), value);
  }
}

UNIT_TEST(every_choice_can_be_set_to_each_of_its_values) {
  for (const OptionInfo& option : options_of(OptionType::Choice))
    for (std::size_t i = 0; i < option.values.size(); i++)
      assert_int_equal(option.get(accepted(argument_for(option, option.values[i]))), i);
}

UNIT_TEST(switches_and_numbers_have_the_documented_defaults) {
  const Options options;
  assert_true(options.print_summary && options.error_summary && options.isa_rec);
  assert_false(options.explain || options.mult_stores || options.flush_check || options.tx_only);
  assert_false(options.flush_align || options.expect_fence_after_clflush);
  assert_false(options.log_stores || options.log_stores_stacktraces);
  assert_int_equal(options.indiff, 0);
  assert_int_equal(options.log_stores_stacktraces_depth, 1);
}

UNIT_TEST(choices_have_the_values_that_their_names_say) {
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

UNIT_TEST(an_unknown_choice_is_refused_with_a_list_of_the_choices) {
  for (const char* argument : {"--cpu-flush=sse", "--cpu-flush=", "--cpu-flush"})
    assert_string_equal(complaint_about(argument, OptionResult::BadValue).c_str(),
                        (std::string(argument) + ": want clflush or clflushopt or clwb").c_str());
}

UNIT_TEST(several_pmem_files_are_kept_in_the_order_given) {
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

UNIT_TEST(a_bad_value_is_refused_with_what_was_wanted) {
  for (const char* argument : {"--isa-rec=maybe", "--isa-rec=", "--isa-rec"})
    assert_string_equal(complaint_about(argument, OptionResult::BadValue).c_str(),
                        (std::string(argument) + ": want yes or no").c_str());
}

UNIT_TEST(a_number_out_of_range_is_refused_with_the_range) {
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

UNIT_TEST(an_unknown_option_is_refused_by_name) {
  assert_string_equal(complaint_about("--no-such=1", OptionResult::Unknown).c_str(),
                      "--no-such=1: unknown option: want one of those that --help lists");
  complaint_about("--indif=1", OptionResult::Unknown);
  complaint_about("--isa-recc=yes", OptionResult::Unknown);
  complaint_about("--isa-re=yes", OptionResult::Unknown);
}

UNIT_TEST(a_refused_argument_leaves_the_options_unchanged) {
  Options options;
  options.isa_rec = false;
  options.indiff = 5;
  Text text;
  parse_option("--isa-rec=nope", options, text.sink());
  parse_option("--indiff=12x", options, text.sink());
  assert_false(options.isa_rec);
  assert_int_equal(options.indiff, 5);
}

namespace {

std::string help() {
  Text text;
  write_option_help(text.sink());
  return text.str();
}

// --help as one line: with one space for each run of spaces and ends of lines.
std::string help_in_one_line() {
  std::string line;
  for (const char c : help())
    if (c != ' ' && c != '\n')
      line += c;
    else if (!line.ends_with(' '))
      line += ' ';
  return line;
}

}  // namespace

UNIT_TEST(help_lists_each_option_with_its_values_what_it_does_and_its_default) {
  const std::string text = help_in_one_line();
  const auto has = [&](const std::string& words) { return text.find(words) != std::string::npos; };
  for (const OptionInfo& option : options_of(OptionType::Bool))
    assert_true(has(" " + std::string(option.name) + "=no|yes " + std::string(option.help) + " [" +
                    (option.get(Options()) == 1 ? "yes" : "no") + "] "));
  for (const OptionInfo& option : options_of(OptionType::Choice)) {
    assert_true(has(" " + std::string(option.name) + "="));
    assert_true(has(" " + std::string(option.help) + " [" +
                    std::string(option.values[option.get(Options())]) + "] "));
  }
  for (const OptionInfo& option : options_of(OptionType::Int))
    assert_true(has(" " + std::string(option.name) + "=<number> " + std::string(option.help) +
                    " [" + std::to_string(option.get(Options())) + "; " +
                    std::to_string(option.min)));
  assert_true(has(" --domain=adr|eadr "));
  assert_true(has(" --group=no|yes|auto "));
  assert_true(has("auto: if over " + std::to_string(kMany) + " [auto] "));
  assert_true(has(" --pmem-file=<glob>[=adr|=eadr] "));
  assert_true(has(" --trace=<file> "));
}

UNIT_TEST(help_lists_options_below_the_heading_of_their_group) {
  assert_true(
      help().starts_with("    Which memory is persistent, and how it behaves:\n"
                         "      --pmem-file=<glob>[=adr|=eadr]\n"
                         "                                treat shared mappings of matching "
                         "files as\n"));
  assert_true(help().find("    What is reported:\n      --mult-stores=no|yes      report ") !=
              std::string::npos);
}

UNIT_TEST(help_has_no_line_longer_than_80_columns) {
  const std::string text = help();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    assert_in_range(end - begin, 1, 80);
    begin = end + 1;
  }
}
