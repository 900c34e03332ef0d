// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/line_state.h"

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_new_line_state_is_clean) {
  const LineState line;
  assert_false(line.outstanding().any());
}

UNIT_TEST(a_stored_flushed_fenced_byte_is_durable) {
  LineState line;
  line.store(ByteMask::of(0, 8));
  assert_true(line.flush(ByteMask::all()) == ByteMask::of(0, 8));
  assert_true(line.pending() == ByteMask::of(0, 8));
  assert_true(line.fence(ByteMask::all()) == ByteMask::of(0, 8));
  assert_false(line.outstanding().any());
}

UNIT_TEST(a_fence_without_a_flush_makes_nothing_durable) {
  LineState line;
  line.store(ByteMask::of(0, 8));
  assert_false(line.fence(ByteMask::all()).any());
  assert_true(line.dirty() == ByteMask::of(0, 8));
}

UNIT_TEST(store_after_flush_makes_the_byte_dirty_again) {
  LineState line;
  line.store(ByteMask::of(0, 8));
  line.flush(ByteMask::all());
  line.store(ByteMask::of(4, 6));
  assert_true(line.dirty() == ByteMask::of(4, 6));
  assert_true(line.pending() == (ByteMask::of(0, 4) | ByteMask::of(6, 8)));
}

UNIT_TEST(a_flush_of_flushed_bytes_returns_no_bytes) {
  LineState line;
  line.store(ByteMask::of(0, 8));
  line.flush(ByteMask::all());
  assert_false(line.flush(ByteMask::all()).any());
}

UNIT_TEST(cleaning_returns_the_bytes_that_were_outstanding) {
  LineState line;
  line.store(ByteMask::of(0, 8));
  line.flush(ByteMask::of(0, 4));
  assert_true(line.clean(ByteMask::of(2, 6)) == ByteMask::of(2, 6));
  assert_true(line.dirty() == ByteMask::of(6, 8));
  assert_true(line.pending() == ByteMask::of(0, 2));
}

UNIT_TEST(a_non_temporal_store_needs_a_fence_and_no_flush) {
  LineState line;
  line.store(ByteMask::of(0, 4));
  line.store_non_temporal(ByteMask::of(0, 8));
  assert_true(line.pending() == ByteMask::of(0, 8));
  assert_true(line.state_of(0) == ByteState::NonTemporal);
  assert_true(line.fence(ByteMask::all()) == ByteMask::of(0, 8));
  assert_false(line.outstanding().any());
}

UNIT_TEST(flushing_a_non_temporal_store_returns_no_bytes_and_marks_them_flushed) {
  LineState line;
  line.store_non_temporal(ByteMask::of(0, 8));
  assert_false(line.flush(ByteMask::of(0, 4)).any());
  assert_true(line.in_state(ByteState::Pending) == ByteMask::of(0, 4));
  assert_true(line.in_state(ByteState::NonTemporal) == ByteMask::of(4, 8));
  line.store(ByteMask::of(6, 8));
  assert_true(line.state_of(7) == ByteState::Dirty);
}
