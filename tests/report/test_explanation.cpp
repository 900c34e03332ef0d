// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/explanation.h"

#include <string>

#include "tests/report/words.h"
#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

// Keeps the sentences, a line each, and the numbers of the stacks.
struct Lines {
  test::Text text;
  void write(std::string_view words) { text.sink().write(words); }

  void begin_what() {}
  void end_what() { write("\n"); }
  void begin_more() {}
  void end_more() { write("\n"); }
  void end_before_stack() { write(":\n"); }
  void stack(StackId stack) { *this << "stack " << std::uint64_t(stack) << "\n"; }
  Lines& operator<<(auto value) {
    Formatter(text.sink()) << value;
    return *this;
  }
};

std::string what(const Finding& f) {
  Lines lines;
  write_what(lines, f);
  return lines.text.str();
}

constexpr GuestRange kEight{GuestAddr(0x1000), GuestAddr(0x1008)};

}  // namespace

UNIT_TEST(a_store_not_made_persistent_says_whether_a_flush_or_a_fence_is_missing) {
  Finding f{.bytes = kEight};
  assert_string_equal(what(f).c_str(), "8 bytes at 0x1000 were stored and never flushed\n");
  f.state = ByteState::Pending;
  assert_string_equal(what(f).c_str(), "8 bytes at 0x1000 were flushed, and no fence followed\n");
  f.state = ByteState::NonTemporal;
  assert_string_equal(what(f).c_str(),
                      "8 bytes at 0x1000 were stored non-temporally, and no fence followed\n");
}

UNIT_TEST(a_store_made_too_early_names_the_bytes_that_had_to_be_durable_first) {
  const Finding f{.kind = FindingKind::OutOfOrder,
                  .bytes = kEight,
                  .earlier_bytes = GuestRange::of(GuestAddr(0x2000), 1)};
  assert_string_equal(what(f).c_str(),
                      "8 bytes at 0x1000 were stored too early: 1 byte at 0x2000, which had to be "
                      "durable first, is not flushed\n");
}

UNIT_TEST(an_open_transaction_says_how_deep_it_is_if_it_is_nested) {
  Finding f{.kind = FindingKind::ActiveTransaction, .transaction = 7, .nesting = 1};
  assert_string_equal(what(f).c_str(), "Transaction 7 was begun and not ended\n");
  f.nesting = 3;
  assert_string_equal(what(f).c_str(),
                      "Transaction 7 was begun and not ended, and is 3 levels deep\n");
}

UNIT_TEST(a_silent_stack_is_not_written) {
  Lines lines;
  const Finding f{.kind = FindingKind::NotDurable, .earlier_stack = StackId::Silent};
  write_other_stacks(lines, f);
  assert_string_equal(lines.text.c_str(), "");
}
