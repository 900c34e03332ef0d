// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/options.h"

#include "pmemcheck/explore/input/user_error.h"
#include "tests/unit.h"

using namespace pmemcheck::explore;

namespace {

Arguments parse(std::vector<std::string> words) {
  words.insert(words.begin(), {"run.trace", "--check=c {}"});
  return parse_arguments(words);
}

void assert_refused(const std::vector<std::string>& words, const std::string& why) {
  try {
    parse_arguments(words);
  } catch (const UserError& error) {
    assert_string_equal(error.what(), why.c_str());
    return;
  }
  fail_msg("not refused: %s", why.c_str());
}

}  // namespace

UNIT_TEST(an_option_takes_its_value_after_an_equals_sign_or_as_the_next_word) {
  assert_int_equal(parse({"--max-states=7"}).limits.max_states, 7);
  assert_int_equal(parse({"--max-states", "7"}).limits.max_states, 7);
  assert_int_equal(parse({"-j4"}).jobs, 4);
  assert_int_equal(parse({"-j", "4"}).jobs, 4);
  assert_true(parse({"-x", "a=pairs"}).scope.marker_engines.at("a") == Engine::Pairs);
}

UNIT_TEST(values_of_shard_name_and_image_are_split_into_their_parts) {
  const Arguments a = parse({"--shard=2/5", "--name=root=pool:0x40:8", "--image=/mnt/a=b"});
  assert_int_equal(a.share.number, 2);
  assert_int_equal(a.share.count, 5);
  assert_true(a.names[0].name == "root" && a.names[0].file == "pool" && a.names[0].offset == 64 &&
              a.names[0].bytes == 8);
  assert_true(a.images.at("/mnt/a") == "b");
}

UNIT_TEST(the_first_word_or_an_option_selects_the_task) {
  assert_true(parse_arguments({"merge", "a", "b"}).task == Task::Merge);
  assert_true(parse_arguments({"--resume", "x"}).task == Task::Resume);
  assert_true(parse_arguments({"--dump-tables"}).task == Task::DumpTables);
  assert_true(parse({"--replay=p1"}).task == Task::Replay);
}

UNIT_TEST(an_error_names_the_option_the_value_and_what_was_wanted) {
  assert_refused({}, "want the name of a trace; see --help");
  assert_refused({"t"}, "want a checker: --check 'COMMAND {}', or --check-library=FILE.so:SYMBOL");
  assert_refused({"t", "--nonsense"},
                 "--nonsense: unknown option: want one of those that --help lists");
  assert_refused({"t", "--shard=3/2"}, "--shard=3/2: want K/N, with K from 1 to N");
  assert_refused({"t", "--shard=x"}, "--shard=x: want K/N, with K from 1 to N");
  assert_refused({"t", "--max-states=-1"}, "--max-states=-1: want a whole number, 1 or more");
  assert_refused({"t", "--timeout=0"}, "--timeout=0: want a whole number, 1 or more");
  assert_refused({"t", "--engine=fast"}, "--engine=fast: want exhaustive, pairs, triples, random, "
                                         "or an engine of pmreorder");
  assert_refused({"t", "--unique-stacks=yes"},
                 "--unique-stacks=yes: --unique-stacks takes no value");
  assert_refused({"t", "--json"}, "--json: want a value: FILE");
  assert_refused({"t", "u", "--check=c {}"}, "u: want one trace only");
  assert_refused({"t", "--check=c {}", "--read-only-checker"},
                 "--read-only-checker: want --check-library with it");
}

UNIT_TEST(most_reductions_is_an_older_name_of_max_reductions) {
  assert_int_equal(parse({"--max-reductions=7"}).max_reductions, 7);
  assert_int_equal(parse({"--most-reductions=7"}).max_reductions, 7);
  assert_int_equal(parse({"--most-reductions", "7"}).max_reductions, 7);
  assert_true(help().find("most-reductions") == std::string::npos);
}

UNIT_TEST(no_line_of_help_is_longer_than_a_hundred_columns) {
  const std::string text = help();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    assert_true(end - at <= 100);
    at = end + 1;
  }
}

UNIT_TEST(help_lists_each_option_once) {
  const std::string text = help();
  for (const char* name : {"--check=", "--check-library=", "--engine=", "--shard=", "--resume=",
                           "--unique-stacks\n", "--marker-engines=", "--max-reductions="}) {
    const std::size_t first = text.find(std::string("\n  ") + name);
    assert_true(first != std::string::npos);
    assert_true(text.find(std::string("\n  ") + name, first + 1) == std::string::npos);
  }
}
