// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/marker_engines.h"

#include "pmemcheck/explore/input/user_error.h"
#include "tests/explore/temporary_directory.h"

using namespace pmemcheck::explore;
using Engines = std::map<std::string, Engine>;

namespace {

// RETURNS: the error; empty if the text is accepted.
std::string refusal(const std::string& text) {
  try {
    marker_engines(text);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

UNIT_TEST(engines_by_marker_are_parsed_from_a_list_with_commas) {
  assert_true(marker_engines("a=pairs,b.c=ReorderFull") ==
              (Engines{{"a", Engine::Pairs}, {"b.c", Engine::ReorderFull}}));
}

UNIT_TEST(engines_by_marker_are_parsed_from_a_json_file) {
  const pmemcheck::test::TemporaryDirectory d;
  assert_true(
      marker_engines(d.write("x", "{ \"pmemobj\": \"NoReorderNoCheck\",\n\"b\":\"random\" }\n")) ==
      (Engines{{"pmemobj", Engine::NoReorderNoCheck}, {"b", Engine::Random}}));
  assert_true(marker_engines(d.write("empty", "{}")).empty());
  assert_true(
      marker_engines(d.write("names", R"({"\u0061\"\\": "pairs", "\u0061\"\\": "random"})")) ==
      (Engines{{"a\"\\", Engine::Random}}));
}

UNIT_TEST(a_file_that_is_not_json_is_refused_with_the_offset_of_the_error) {
  const pmemcheck::test::TemporaryDirectory d;
  struct Bad {
    std::string content;
    int byte;
  };
  const std::string deep(100000, '[');
  for (const auto& [content, byte] : {
           Bad{"", 1},
           Bad{" \n", 3},
           Bad{R"({"a"})", 5},
           Bad{R"({"a": "pairs")", 14},
           Bad{R"({"a": "pairs",})", 15},
           Bad{R"({"a": "pairs"} x)", 16},
           Bad{R"({"a": 'pairs'})", 7},
           Bad{R"({"a": "pa)", 10},
           Bad{R"({"a": "\q"})", 9},
           Bad{"{\"a\": \"\xff\"}", 8},
           Bad{std::string("{\0}", 3), 2},
           Bad{"a: pairs", 1},
           Bad{deep, 100001},
       }) {
    const std::string path = d.write("bad", content);
    const std::string error_text = refusal(path);
    assert_string_equal(error_text.c_str(),
                        (path + ": byte " + std::to_string(byte) +
                         ": not JSON: want a JSON object: {\"MARK\": \"ENGINE\", ...}")
                            .c_str());
  }
}

UNIT_TEST(json_other_than_an_object_of_names_is_refused_with_its_type) {
  const pmemcheck::test::TemporaryDirectory d;
  const std::string wanted = R"(want a JSON object: {"MARK": "ENGINE", ...})";
  for (const auto& [content, error_text] : std::map<std::string, std::string>{
           {"[]", ": array: " + wanted},
           {"\"a\"", ": string: " + wanted},
           {"1e999999", ": number: " + wanted},
           {"null", ": null: " + wanted},
           {R"({"a": 1})", ": a: number: " + wanted},
           {R"({"b": {"a": "pairs"}})", ": b: object: " + wanted},
           {R"({"b": ["pairs"]})", ": b: array: " + wanted},
       }) {
    const std::string path = d.write("bad", content);
    assert_string_equal(refusal(path).c_str(), (path + error_text).c_str());
  }
  assert_string_equal(refusal(d.write("bad", R"({"a": "x"})")).c_str(),
                      "--marker-engines: a=x: want the name of an engine");
}

UNIT_TEST(unknown_engines_and_malformed_lists_are_refused) {
  for (const char* bad : {"a=fast", "=pairs", "a=pairs,", "a=pairs,b", "/no/such/file"})
    assert_false(refusal(bad).empty());
}
