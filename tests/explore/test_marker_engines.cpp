// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/marker_engines.h"

#include "pmemcheck/explore/recording.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck::explore;
using Engines = std::map<std::string, Engine>;

namespace {

bool is_refused(const std::string& text) {
  try {
    marker_engines(text);
  } catch (const UserError&) {
    return true;
  }
  return false;
}

}  // namespace

UNIT_TEST(markers_and_engines_are_listed_with_commas) {
  assert_true(marker_engines("a=pairs,b.c=ReorderFull") ==
              (Engines{{"a", Engine::Pairs}, {"b.c", Engine::ReorderFull}}));
}

UNIT_TEST(markers_and_engines_come_from_a_json_file_too) {
  const pmemcheck::test::TemporaryDirectory d;
  assert_true(
      marker_engines(d.write("x", "{ \"pmemobj\": \"NoReorderNoCheck\",\n\"b\":\"random\" }\n")) ==
      (Engines{{"pmemobj", Engine::NoReorderNoCheck}, {"b", Engine::Random}}));
  assert_true(marker_engines(d.write("empty", "{}")).empty());
  for (const char* bad : {"", "[]", "{\"a\"}", "{\"a\": 1}", "{\"a\": \"pairs\"", "{\"a\": \"x\"}",
                          "{\"a\": \"pairs\"} x"})
    assert_true(is_refused(d.write("bad", bad)));
}

UNIT_TEST(engines_that_do_not_exist_are_refused) {
  for (const char* bad : {"a=fast", "=pairs", "a=pairs,", "a=pairs,b", "/no/such/file"})
    assert_true(is_refused(bad));
}
