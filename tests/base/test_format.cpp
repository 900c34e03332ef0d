// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/format.h"

#include <string>

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

UNIT_TEST(numbers_are_written_in_decimal_and_in_lower_case_hexadecimal) {
  Text text;
  Formatter(text.sink()) << std::uint64_t{0} << " " << ~std::uint64_t{0} << " " << Hex{0xABCDEF}
                         << " " << Hex{0};
  assert_string_equal(text.c_str(), "0 18446744073709551615 0xabcdef 0x0");
}

UNIT_TEST(formatted_text_is_written_by_flush_and_when_the_formatter_ends) {
  Text text;
  Formatter out(text.sink());
  out << "one\ntwo";
  assert_string_equal(text.c_str(), "");
  out.flush();
  assert_string_equal(text.c_str(), "one\ntwo");
}

UNIT_TEST(formatted_text_longer_than_the_buffer_is_written_whole) {
  const std::string longer(10000, 'x');
  Text text;
  Formatter(text.sink()) << "a" << longer << "b";
  assert_string_equal(text.c_str(), ("a" + longer + "b").c_str());
}
