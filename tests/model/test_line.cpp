// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/line.h"

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_default_line_is_clean) {
  const Line line;
  assert_false(line.outstanding().any());
  assert_true(line.owner().is_nobody());
}

UNIT_TEST(a_line_returns_the_parts_that_it_was_made_of) {
  LineState flushed_half;
  flushed_half.store(ByteMask::of(0, 16));
  flushed_half.flush(ByteMask::of(8, 16));
  PendingOwner owner;
  owner.become(ThreadNo{3});
  Line line(flushed_half, EntryJoints(ByteMask::of(1, 8), true), owner, StackId{5});
  assert_true(line.dirty() == ByteMask::of(0, 8) && line.pending() == ByteMask::of(8, 16));
  assert_true(line.joints().joins_before(7) && !line.joints().joins_before(8));
  assert_true(line.owner().is(ThreadNo{3}));
  const MixedWords mixed;
  assert_int_equal(line.origins().at(0, mixed), StackId{5});
  assert_int_equal(line.origins().at(63, mixed), StackId{5});
  line.cut_before(7);
  assert_false(line.joints().joins_before(7));
  assert_true(line.joints().joined_to_next());
  line.cut_before(kLineBytes);
  assert_false(line.joints().joined_to_next());
}

// The checks of fast operations rely on this.
UNIT_TEST(lines_that_differ_in_any_meaningful_part_are_not_equivalent) {
  const auto make = [] {
    Line line;
    MixedWords mixed;
    line.state().store(ByteMask::of(0, 24));
    line.state().flush(ByteMask::of(16, 24));
    line.joints().bind(ByteMask::of(0, 16), ByteMask::of(0, 16));
    line.origins().set(ByteMask::of(0, 24), ByteMask(), StackId{1}, mixed);
    return line;
  };
  const Line line = make();
  const auto is_noticed = [&](auto change) {
    Line other = make();
    change(other);
    return !line.is_equivalent(other) && !other.is_equivalent(line);
  };
  MixedWords mixed;
  PendingOwner owner;
  owner.become(ThreadNo{2});
  assert_true(line.is_equivalent(make()));
  assert_true(is_noticed([](Line& l) { l.flush(ByteMask::byte(3)); }));
  assert_true(is_noticed([](Line& l) { l.fence(ByteMask::byte(16)); }));
  assert_true(is_noticed([](Line& l) { l.clean(ByteMask::byte(3)); }));
  assert_true(is_noticed([](Line& l) { l.state().store(ByteMask::byte(40)); }));
  assert_true(is_noticed([](Line& l) { l.cut_before(8); }));
  assert_true(is_noticed([](Line& l) { l.set_joined_to_previous(true); }));
  assert_true(is_noticed([](Line& l) { l.set_joined_to_next(true); }));
  assert_true(is_noticed([&](Line& l) { l.set_owner(owner); }));
  assert_true(is_noticed(
      [&](Line& l) { l.origins().set(ByteMask::of(8, 16), ByteMask(), StackId{2}, mixed); }));
  // Joints and origins of clean bytes have no meaning.
  assert_false(is_noticed([&](Line& l) {
    l.joints().set_before(40, true);
    l.origins().set(ByteMask::of(40, 48), ByteMask(), StackId{2}, mixed);
  }));
}
