// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/persist_deadlines.h"

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestAddr kBase(0x1000);
constexpr ThreadNo kOne{1}, kTwo{2};

constexpr GuestRange word(std::uint64_t number) {
  return GuestRange::of(kBase + 8 * number, 8);
}
bool always(GuestRange) {
  return true;
}
void reach(PersistDeadlines& deadlines, ThreadNo thread, std::uint32_t stack) {
  deadlines.reached(thread, DeadlineKind::Fence, always, [&] { return StackId{stack}; });
}

}  // namespace

UNIT_TEST(the_deadline_of_a_store_is_the_first_fence_of_its_own_thread) {
  PersistDeadlines d;
  d.stored(kOne, word(0));
  reach(d, kTwo, 7);
  assert_int_equal(d.first_after(kBase).kind, DeadlineKind::None);
  reach(d, kOne, 8);
  reach(d, kOne, 9);
  assert_int_equal(d.first_after(kBase).kind, DeadlineKind::Fence);
  assert_int_equal(d.first_after(kBase).stack, StackId{8});
  assert_int_equal(d.first_after(kBase + 8).kind, DeadlineKind::None);
}

UNIT_TEST(a_store_to_the_same_bytes_gets_a_new_deadline) {
  PersistDeadlines d;
  d.stored(kOne, word(0));
  d.stored(kOne, word(1));
  reach(d, kOne, 7);
  d.stored(kTwo, word(0));
  assert_int_equal(d.first_after(kBase).kind, DeadlineKind::None);
  assert_int_equal(d.first_after(kBase + 8).stack, StackId{7});
  reach(d, kTwo, 8);
  assert_int_equal(d.first_after(kBase).stack, StackId{8});
}

UNIT_TEST(a_store_that_is_flushed_in_time_has_no_deadline_and_takes_no_stack) {
  PersistDeadlines d;
  d.stored(kOne, word(0));
  const auto never = [](GuestRange) { return false; };
  d.reached(kOne, DeadlineKind::Fence, never, [&]() -> StackId {
    fail_msg("asked for a stack");
    return StackId::None;
  });
  assert_int_equal(d.first_after(kBase).kind, DeadlineKind::None);
}

UNIT_TEST(a_deadline_of_no_kind_fails_the_check) {
  PersistDeadlines d;
  expect_assert_failure(d.reached(kOne, DeadlineKind::None, always, [] { return StackId::None; }));
}

UNIT_TEST(stores_and_their_deadlines_move_with_the_memory) {
  PersistDeadlines d;
  const GuestAddr target = kBase + 0x10000;
  d.stored(kOne, word(0));
  reach(d, kOne, 7);
  d.stored(kOne, word(1));
  d.move(GuestRange::of(kBase, 0x1000), target);
  assert_int_equal(d.first_after(target).stack, StackId{7});
  assert_int_equal(d.first_after(kBase).kind, DeadlineKind::None);
  reach(d, kOne, 8);
  assert_int_equal(d.first_after(target + 8).stack, StackId{8});
  assert_int_equal(d.first_after(kBase + 8).kind, DeadlineKind::None);
}

UNIT_TEST(a_store_to_memory_that_was_unmapped_has_no_deadline) {
  PersistDeadlines d;
  d.stored(kOne, word(0));
  reach(d, kOne, 7);
  d.stored(kOne, word(1));
  d.forget(GuestRange::of(kBase, 0x1000));
  assert_int_equal(d.first_after(kBase).kind, DeadlineKind::None);
  d.stored(kTwo, word(1));  // in the new mapping
  reach(d, kOne, 8);
  assert_int_equal(d.first_after(kBase + 8).kind, DeadlineKind::None);
}
