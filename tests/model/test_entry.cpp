// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/entry.h"

#include <vector>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

struct Line {
  LineState state;
  EntryJoints joints;
  LineOrigins origins;
};

// Reads the lines from number 10 on.
std::vector<Entry> read(const std::vector<Line>& lines, const MixedWords& mixed) {
  std::vector<Entry> entries;
  const auto same_place = [](StackId a, StackId b) { return a == b; };
  const auto visit = [&](const Entry& e) { entries.push_back(e); };
  EntryReader<decltype(same_place), decltype(visit)> reader(same_place, visit);
  for (std::size_t i = 0; i < lines.size(); i++)
    reader.line(LineAddr(10 + i), lines[i].state, lines[i].joints, lines[i].origins, mixed);
  reader.finish();
  return entries;
}

void store(Line& line, unsigned first, unsigned end, StackId stack, MixedWords& mixed) {
  line.origins.set(ByteMask::of(first, end), ByteMask(), stack, mixed);
  line.state.store(ByteMask::of(first, end));
  line.joints.bind(ByteMask::of(first, end), ByteMask::of(first, end));
}

}  // namespace

UNIT_TEST(touching_bytes_that_are_not_joined_are_two_entries) {
  MixedWords mixed;
  std::vector<Line> lines(1);
  store(lines[0], 0, 8, StackId{1}, mixed);
  store(lines[0], 8, 16, StackId{1}, mixed);
  assert_int_equal(read(lines, mixed).size(), 2);
  lines[0].joints.set_before(8, true);
  assert_int_equal(read(lines, mixed).size(), 1);
}

UNIT_TEST(a_store_is_joined_to_adjacent_bytes_in_the_same_state) {
  MixedWords mixed;
  std::vector<Line> lines(1);
  store(lines[0], 0, 8, StackId{1}, mixed);
  store(lines[0], 16, 24, StackId{1}, mixed);
  store(lines[0], 8, 16, StackId{1}, mixed);
  assert_int_equal(read(lines, mixed).size(), 3);
  const ByteMask middle = ByteMask::of(8, 16);
  lines[0].joints.bind(middle, ByteMask::of(0, 16));
  assert_int_equal(read(lines, mixed).size(), 2);
  lines[0].joints.bind(middle, ByteMask::of(8, 24));
  assert_int_equal(read(lines, mixed).size(), 2);
  lines[0].joints.bind(middle, ByteMask::of(0, 24));
  assert_int_equal(read(lines, mixed).size(), 1);
}

UNIT_TEST(joined_bytes_of_different_stacks_are_two_entries) {
  MixedWords mixed;
  std::vector<Line> lines(1);
  store(lines[0], 0, 8, StackId{1}, mixed);
  store(lines[0], 8, 16, StackId{2}, mixed);
  lines[0].joints.set_before(8, true);
  const std::vector<Entry> entries = read(lines, mixed);
  assert_int_equal(entries.size(), 2);
  assert_int_equal(entries[1].stack, StackId{2});
  assert_int_equal(entries[1].bytes.begin.raw(), 648);
}

UNIT_TEST(joined_bytes_in_different_states_are_two_entries) {
  MixedWords mixed;
  std::vector<Line> lines(1);
  store(lines[0], 0, 16, StackId{1}, mixed);
  lines[0].state.flush(ByteMask::of(0, 8));
  const std::vector<Entry> entries = read(lines, mixed);
  assert_int_equal(entries.size(), 2);
  assert_int_equal(entries[0].state, ByteState::Pending);
  assert_int_equal(entries[1].state, ByteState::Dirty);
}

UNIT_TEST(an_entry_crosses_the_edge_of_a_line_if_both_lines_are_joined_there) {
  MixedWords mixed;
  std::vector<Line> lines(2);
  store(lines[0], 60, 64, StackId{1}, mixed);
  store(lines[1], 0, 4, StackId{1}, mixed);
  lines[1].joints.set_before(0, true);
  assert_int_equal(read(lines, mixed).size(), 2);
  lines[0].joints.set_joined_to_next(true);
  const std::vector<Entry> entries = read(lines, mixed);
  assert_int_equal(entries.size(), 1);
  assert_int_equal(entries[0].bytes.size(), 8);
  lines[1].joints.cut_before(0);
  assert_int_equal(read(lines, mixed).size(), 2);
}

UNIT_TEST(a_clean_byte_ends_an_entry_even_if_its_neighbours_are_marked_joined) {
  MixedWords mixed;
  std::vector<Line> lines(1);
  store(lines[0], 0, 16, StackId{1}, mixed);
  lines[0].state.clean(ByteMask::of(4, 5));
  assert_int_equal(read(lines, mixed).size(), 2);
}

UNIT_TEST(joints_after_a_store_agree_with_a_loop_over_its_units) {
  test::Random random(9);
  for (int round = 0; round < 10'000; round++) {
    const auto first = static_cast<unsigned>(random.below(64));
    const auto end = first + 1 + static_cast<unsigned>(random.below(64 - first));
    const std::uint64_t stored = ByteMask::of(first, end).bits();
    const std::uint64_t joined = random.below(1u << 31) << 33 | random.below(1u << 31) << 2;
    const std::uint64_t alike = stored | random.below(1u << 31) << 33 | random.below(1u << 31);
    assert_int_equal(joined_by_store(joined, stored, alike),
                     joined_by_store_plainly(joined, stored, alike));
  }
  // Unit 1 was stored to and is like unit 2, but not like unit 0.
  assert_int_equal(joined_by_store_plainly(0b0010, 0b0010, 0b0110), 0b0100);
  expect_assert_failure(static_cast<void>(joined_by_store(0, 0b10, 0b01)));
}

UNIT_TEST(lines_must_be_given_to_an_entry_reader_in_order) {
  const MixedWords mixed;
  EntryReader reader([](StackId, StackId) { return true; }, [](const Entry&) {});
  const auto add = [&](std::uint64_t number) {
    reader.line(LineAddr(number), LineState(), EntryJoints(), LineOrigins(), mixed);
  };
  add(4);
  add(7);
  expect_assert_failure(add(7));
  expect_assert_failure(add(6));
}
