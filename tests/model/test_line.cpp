// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/line.h"

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_line_that_nothing_was_stored_to_is_clean) {
  const Line line;
  assert_false(line.outstanding().any());
  assert_true(line.owner().is_nobody());
}

UNIT_TEST(a_line_is_made_of_what_it_is_given) {
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
