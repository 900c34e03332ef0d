// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/options.h"

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

// What is said about an argument that is not accepted.
std::string complaint_about(const char* argument, OptionResult expected) {
  Options options;
  Text text;
  assert_int_equal(parse_option(argument, options, text.sink()), expected);
  return text.str();
}

}  // namespace

UNIT_TEST(each_option_can_be_switched_on_and_off){
#define PM_OPTION_BOOL(field, name, initial, help)                                                 \
  {                                                                                                \
    Options options;                                                                               \
    Text text;                                                                                     \
    assert_int_equal(options.field, initial);                                                      \
    assert_int_equal(parse_option(name "=yes", options, text.sink()), OptionResult::Accepted);     \
    assert_true(options.field);                                                                    \
    assert_int_equal(parse_option(name "=no", options, text.sink()), OptionResult::Accepted);      \
    assert_false(options.field);                                                                   \
    assert_string_equal(text.c_str(), "");                                                         \
  }
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
}

UNIT_TEST(a_bad_value_is_named_with_what_was_wanted) {
  assert_string_equal(complaint_about("--isa-rec=maybe", OptionResult::BadValue).c_str(),
                      "--isa-rec=maybe: want yes or no");
  assert_string_equal(complaint_about("--isa-rec=", OptionResult::BadValue).c_str(),
                      "--isa-rec=: want yes or no");
  assert_string_equal(complaint_about("--isa-rec", OptionResult::BadValue).c_str(),
                      "--isa-rec: want yes or no");
}

UNIT_TEST(an_unknown_option_is_named) {
  assert_string_equal(complaint_about("--no-such=1", OptionResult::Unknown).c_str(),
                      "--no-such=1: unknown option: want one of those that --help lists");
  complaint_about("--isa-recc=yes", OptionResult::Unknown);
  complaint_about("--isa-re=yes", OptionResult::Unknown);
}

UNIT_TEST(a_refused_argument_changes_nothing) {
  Options options;
  options.isa_rec = false;
  Text text;
  parse_option("--isa-rec=nope", options, text.sink());
  assert_false(options.isa_rec);
}

UNIT_TEST(help_lists_each_option_with_its_values_and_default) {
  Text text;
  write_option_help(text.sink());
#define PM_OPTION_BOOL(field, name, initial, help)                                                 \
  assert_true(text.str().find("    " name "=no|yes") != std::string::npos);                        \
  assert_true(text.str().find(help " [" + std::string((initial) ? "yes" : "no") + "]\n") !=        \
              std::string::npos);
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
}
