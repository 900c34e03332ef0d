// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/barriers.h"

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
void reach(Barriers& barriers, ThreadNo thread, std::uint32_t stack) {
  barriers.reached(thread, BarrierKind::Fence, always, [&] { return StackId{stack}; });
}

}  // namespace

UNIT_TEST(a_store_waits_for_the_first_barrier_of_its_own_thread) {
  Barriers b;
  b.stored(kOne, word(0));
  reach(b, kTwo, 7);
  assert_int_equal(b.first_after(kBase).kind, BarrierKind::None);
  reach(b, kOne, 8);
  reach(b, kOne, 9);
  assert_int_equal(b.first_after(kBase).kind, BarrierKind::Fence);
  assert_int_equal(b.first_after(kBase).stack, StackId{8});
  assert_int_equal(b.first_after(kBase + 8).kind, BarrierKind::None);
}

UNIT_TEST(a_store_to_the_same_bytes_waits_anew) {
  Barriers b;
  b.stored(kOne, word(0));
  b.stored(kOne, word(1));
  reach(b, kOne, 7);
  b.stored(kTwo, word(0));
  assert_int_equal(b.first_after(kBase).kind, BarrierKind::None);
  assert_int_equal(b.first_after(kBase + 8).stack, StackId{7});
  reach(b, kTwo, 8);
  assert_int_equal(b.first_after(kBase).stack, StackId{8});
}

UNIT_TEST(what_is_flushed_by_then_needs_no_barrier_named_and_no_stack) {
  Barriers b;
  b.stored(kOne, word(0));
  const auto never = [](GuestRange) { return false; };
  b.reached(kOne, BarrierKind::Fence, never, [&]() -> StackId {
    fail_msg("asked for a stack");
    return StackId::None;
  });
  assert_int_equal(b.first_after(kBase).kind, BarrierKind::None);
}

UNIT_TEST(stores_and_their_barriers_move_with_the_memory) {
  Barriers b;
  const GuestAddr target = kBase + 0x10000;
  b.stored(kOne, word(0));
  reach(b, kOne, 7);
  b.stored(kOne, word(1));
  b.move(GuestRange::of(kBase, 0x1000), target);
  assert_int_equal(b.first_after(target).stack, StackId{7});
  assert_int_equal(b.first_after(kBase).kind, BarrierKind::None);
  reach(b, kOne, 8);
  assert_int_equal(b.first_after(target + 8).stack, StackId{8});
  assert_int_equal(b.first_after(kBase + 8).kind, BarrierKind::None);
}

UNIT_TEST(a_store_to_memory_that_was_unmapped_waits_for_no_barrier) {
  Barriers b;
  b.stored(kOne, word(0));
  reach(b, kOne, 7);
  b.stored(kOne, word(1));
  b.forget(GuestRange::of(kBase, 0x1000));
  assert_int_equal(b.first_after(kBase).kind, BarrierKind::None);
  b.stored(kTwo, word(1));  // in what is mapped there now
  reach(b, kOne, 8);
  assert_int_equal(b.first_after(kBase + 8).kind, BarrierKind::None);
}
