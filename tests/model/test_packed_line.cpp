// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/packed_line.h"

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

// Fails unless both lines have the same observable state.
void assert_alike(const PackedLine& packed, const Line& line) {
  assert_true(packed.dirty() == line.dirty());
  assert_true(packed.pending() == line.pending());
  assert_true(packed.outstanding() == line.outstanding());
  for (const ByteState state : {ByteState::Dirty, ByteState::Pending, ByteState::NonTemporal})
    assert_true(packed.in_state(state) == line.in_state(state));
  const MixedWords mixed;
  const Line unpacked = packed.unpacked();
  assert_true(unpacked.dirty() == line.dirty() && unpacked.pending() == line.pending());
  assert_true(packed.owner().thread() == line.owner().thread());
  assert_true(unpacked.owner().thread() == line.owner().thread());
  assert_int_equal(unpacked.joints().joined_to_next(), line.joints().joined_to_next());
  for (unsigned i = 0; i < kLineBytes; i++) {
    if (!line.outstanding().has(i)) continue;
    assert_int_equal(unpacked.origins().at(i, mixed), line.origins().at(i, mixed));
    assert_int_equal(unpacked.joints().joins_before(i), line.joints().joins_before(i));
  }
}

}  // namespace

UNIT_TEST(a_packed_line_behaves_like_a_line) {
  test::Random random(5);
  MixedWords mixed;
  for (int round = 0; round < 2000; round++) {
    PackedLine packed;
    Line line;
    const bool joining = random.below(2) == 0;
    for (int step = 0; step < 20; step++) {
      const auto first = 8 * static_cast<unsigned>(random.below(8));
      const auto end = first + 8 + 8 * static_cast<unsigned>(random.below((64 - first) / 8));
      const ByteMask bytes = ByteMask::of(first, end);
      const StackId stack{0x7fff'fffd + static_cast<std::uint32_t>(random.below(3))};
      PendingOwner owner;
      switch (random.below(8)) {
      case 0:
      case 1:
      case 2: {
        const ByteMask others = line.outstanding().without(bytes);
        const bool fits = !others.any() || line.origins().at(others.first(), mixed) == stack;
        assert_int_equal(packed.store(first, end, stack, joining), fits);
        if (!fits) break;
        line.state().store(bytes);
        line.origins().set(bytes, others, stack, mixed);
        line.joints().bind(bytes, joining ? line.dirty() : bytes);
        break;
      }
      case 3: assert_true(packed.flush(bytes) == line.flush(bytes)); break;
      case 4: assert_true(packed.fence(bytes) == line.fence(bytes)); break;
      case 5: assert_true(packed.clean(bytes) == line.clean(bytes)); break;
      case 6:
        packed.cut_before(end);
        line.cut_before(end);
        break;
      case 7: {
        const bool joined = random.below(2) == 0;
        packed.set_joined_to_next(joined);
        line.set_joined_to_next(joined);
        packed.set_joined_to_previous(joined);
        line.set_joined_to_previous(joined);
        owner.become(ThreadNo{static_cast<std::uint32_t>(random.below(256))});
        assert_true(packed.set_owner(owner) && line.set_owner(owner));
        break;
      }
      }
      assert_alike(packed, line);
    }
  }
}

UNIT_TEST(a_store_to_part_of_a_word_does_not_fit_a_packed_line) {
  PackedLine line;
  assert_false(line.store(0, 4, StackId{1}, true));
  assert_false(line.store(4, 8, StackId{1}, true));
  assert_false(line.store(4, 12, StackId{1}, true));
  assert_false(line.outstanding().any());
}

UNIT_TEST(a_packed_line_refuses_an_owner_that_does_not_fit) {
  PackedLine line;
  PendingOwner owner;
  owner.become(ThreadNo{255});
  assert_true(line.set_owner(owner));
  owner.become(ThreadNo{256});
  assert_false(line.set_owner(owner));
  owner.become_shared();
  assert_false(line.set_owner(owner));
  assert_true(line.owner().is(ThreadNo{255}));
}

UNIT_TEST(a_packed_line_refuses_parts_of_words_and_indices_beyond_it) {
  PackedLine line;
  assert_true(line.store(0, 64, StackId{1}, true));
  expect_assert_failure(line.flush(ByteMask::of(0, 4)));
  expect_assert_failure(line.cut_before(4));
  expect_assert_failure(line.cut_before(72));
  expect_assert_failure(line.store(8, 8, StackId{1}, true));
  expect_assert_failure(line.store(56, 72, StackId{1}, true));
  expect_assert_failure(line.store(0, 8, StackId{0x8000'0000}, true));
}

UNIT_TEST(a_packed_line_with_pending_words_of_one_thread_cannot_be_flushed_by_another) {
  PackedLine line;
  assert_true(line.store(0, 8, StackId{1}, true));
  line.flush_by(ThreadNo{1});
  assert_true(line.store(8, 16, StackId{1}, true));
  assert_false(line.can_be_flushed_by(ThreadNo{2}));
  expect_assert_failure(line.flush_by(ThreadNo{2}));
  assert_int_equal(line.flush_by(ThreadNo{1}), 2);
}
