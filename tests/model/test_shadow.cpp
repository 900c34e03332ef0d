// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/shadow.h"

#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr StackId kStack{1};

void store_word(Shadow& shadow, std::uint64_t line) {
  const Shadow::Record record = shadow.get(LineAddr(line));
  if (record.packed != nullptr)
    assert_true(record.packed->store(0, 8, kStack, true));
  else
    record.full->state().store(ByteMask::of(0, 8));
}

std::vector<std::uint64_t> dirty_lines(Shadow& shadow, GuestRange range) {
  std::vector<std::uint64_t> lines;
  shadow.for_each_in(range, [&](LineAddr line, const auto& record) {
    if (record.dirty().any()) lines.push_back(line.number());
  });
  return lines;
}

GuestRange lines(std::uint64_t first, std::uint64_t end) {
  return {LineAddr(first).begin(), LineAddr(end).begin()};
}

}  // namespace

UNIT_TEST(a_shadow_page_begins_packed_and_is_unpacked_on_demand) {
  Shadow shadow;
  assert_true(shadow.find(LineAddr(70)).packed == nullptr);
  assert_true(shadow.find(LineAddr(70)).full == nullptr);
  store_word(shadow, 70);
  store_word(shadow, 127);
  assert_true(shadow.find(LineAddr(70)).packed->dirty() == ByteMask::of(0, 8));
  const std::size_t packed_bytes = shadow.bytes();
  assert_true(shadow.get_full(LineAddr(70)).dirty() == ByteMask::of(0, 8));
  assert_true(shadow.find(LineAddr(70)).packed == nullptr);
  assert_true(shadow.find(LineAddr(127)).full->dirty() == ByteMask::of(0, 8));
  assert_in_range(shadow.bytes(), packed_bytes + 3000, packed_bytes + 4000);
}

UNIT_TEST(a_full_record_is_aligned_to_a_cache_line_of_the_host) {
  Shadow shadow;
  for (std::uint64_t n = 0; n < 640; n++)
    assert_int_equal(reinterpret_cast<std::uintptr_t>(&shadow.get_full(LineAddr(n))) % 64, 0);
}

UNIT_TEST(a_range_visits_the_records_of_the_lines_that_it_touches) {
  Shadow shadow;
  for (const std::uint64_t n : {1, 63, 64, 100}) store_word(shadow, n);
  shadow.get_full(LineAddr(64));
  assert_true(dirty_lines(shadow, lines(0, 64)) == (std::vector<std::uint64_t>{1, 63}));
  assert_true(dirty_lines(shadow, lines(63, 65)) == (std::vector<std::uint64_t>{63, 64}));
  assert_true(dirty_lines(shadow, lines(65, 100)).empty());
  assert_true(dirty_lines(shadow, GuestRange::of(GuestAddr(127), 1)) ==
              (std::vector<std::uint64_t>{1}));
  assert_true(dirty_lines(shadow, GuestRange::of(GuestAddr(100), 0)).empty());
  assert_true(dirty_lines(shadow, GuestRange::everything()) ==
              (std::vector<std::uint64_t>{1, 63, 64, 100}));
}

UNIT_TEST(a_visit_may_unpack_the_shadow_page) {
  Shadow shadow;
  for (std::uint64_t n = 0; n < 64; n++) store_word(shadow, n);
  std::uint64_t expected = 0;
  shadow.for_each_in(lines(0, 64), [&](LineAddr line, const auto& record) {
    assert_int_equal(line.number(), expected++);
    assert_true(record.dirty() == ByteMask::of(0, 8));
    if (line.number() == 20) shadow.get_full(line);
  });
  assert_int_equal(expected, 64);
}

UNIT_TEST(a_packed_page_wholly_in_the_range_can_be_visited_as_a_page) {
  Shadow shadow;
  for (std::uint64_t n = 0; n < 256; n++) store_word(shadow, n);
  shadow.get_full(LineAddr(70));
  std::vector<std::uint64_t> visited;
  std::vector<GuestRange> pages;
  shadow.for_each_in(
      lines(1, 256), [&](LineAddr line, auto&) { visited.push_back(line.number()); },
      [&](GuestRange range, PackedPage& page) {
        pages.push_back(range);
        assert_true(page[0].dirty() == ByteMask::of(0, 8));
        return range.begin == LineAddr(128).begin();
      });
  assert_true(pages == (std::vector<GuestRange>{lines(128, 192), lines(192, 256)}));
  std::vector<std::uint64_t> expected;
  for (std::uint64_t n = 1; n < 256; n++)
    if (n / 64 != 2) expected.push_back(n);
  assert_true(visited == expected);
}

UNIT_TEST(shadow_pages_with_nothing_outstanding_are_freed) {
  Shadow shadow;
  for (std::uint64_t n = 0; n < 6400; n += 2) store_word(shadow, n);
  for (std::uint64_t n = 0; n < 6400; n += 128) shadow.get_full(LineAddr(n));
  assert_int_equal(shadow.lines(), 6400);
  int forgotten = 0;
  const auto forget = [&](Line&) { forgotten++; };
  const auto by_line = [](GuestRange, PackedPage&) { return false; };
  shadow.sweep(
      lines(0, 6400), [](LineAddr, const auto&) {}, by_line, forget);
  assert_int_equal(shadow.lines(), 6400);
  // All lines except 640, 1280, ...; page 7 is only partly in the range.
  const auto clean = [](LineAddr line, auto& record) {
    if (line.number() % 640 != 0) record.clean(ByteMask::all());
  };
  shadow.sweep({GuestAddr(0), GuestAddr(7 * 64 * 64 + 1)}, clean, by_line, forget);
  assert_int_equal(shadow.lines(), 6400 - 6 * 64);
  shadow.sweep(GuestRange::everything(), clean, by_line, forget);
  assert_int_equal(shadow.lines(), 10 * 64);
  assert_int_equal(forgotten, 40 * 64);
  const std::size_t bytes = shadow.bytes();
  shadow.prune();
  assert_true(shadow.bytes() <= bytes);
  assert_int_equal(dirty_lines(shadow, GuestRange::everything()).size(), 10);
  store_word(shadow, 1);
  assert_true(dirty_lines(shadow, lines(0, 64)) == (std::vector<std::uint64_t>{0, 1}));
}

UNIT_TEST(shadow_pages_begin_full_once_many_had_to_be_unpacked) {
  Shadow shadow;
  const auto begins_packed = [&](std::uint64_t page) {
    return shadow.get(LineAddr(page * 64)).packed != nullptr;
  };
  std::uint64_t page = 0;
  for (; begins_packed(page); page++) {
    assert_true(page < 100);
    shadow.get_full(LineAddr(page * 64));
  }
  // A few pages still begin packed, and if those stay packed others follow.
  int packed = 0;
  for (int i = 0; i < 1000; i++) packed += begins_packed(++page) ? 1 : 0;
  assert_in_range(packed, 500, 990);
}

UNIT_TEST(a_range_that_ends_within_a_word_unpacks_the_shadow_page) {
  const auto is_packed = [](GuestAddr begin, GuestAddr end, std::uint64_t line) {
    Shadow shadow;
    for (std::uint64_t n = 0; n < 256; n++) store_word(shadow, n);
    shadow.unpack_at_edges({begin, end});
    return shadow.find(LineAddr(line)).packed != nullptr;
  };
  assert_true(is_packed(GuestAddr(8), GuestAddr(4096 + 8), 0));
  assert_true(is_packed(GuestAddr(8), GuestAddr(4096 + 8), 64));
  assert_false(is_packed(GuestAddr(4), GuestAddr(4096 + 8), 0));
  assert_false(is_packed(GuestAddr(8), GuestAddr(4096 + 1), 64));
  assert_true(is_packed(GuestAddr(8), GuestAddr(8192 + 1), 64));
  assert_true(is_packed(GuestAddr(8), GuestAddr(4096), 64));
}
