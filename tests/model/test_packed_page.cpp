// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/packed_page.h"

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr StackId kStack{1};

PendingOwner owner_of(ThreadNo thread) {
  PendingOwner owner;
  owner.become(thread);
  return owner;
}

// The operations of the page, line by line.
bool can_be_flushed_by(PackedPage& page, ThreadNo thread) {
  for (const PackedLine& line : page) {
    const bool is_anothers = line.pending().any() && !line.owner().is(thread);
    if (line.dirty().any() && is_anothers) return false;
  }
  return true;
}

bool flush(PackedPage& page, ThreadNo thread) {
  bool useful = false;
  for (PackedLine& line : page) {
    if (!line.flush(ByteMask::all()).any()) continue;
    line.set_owner(owner_of(thread));
    useful = true;
  }
  return useful;
}

PackedPage::Fenced fence(PackedPage& page, ThreadNo thread) {
  PackedPage::Fenced fenced{};
  for (PackedLine& line : page) {
    if (!line.owner().is(thread)) continue;
    fenced.lines++;
    fenced.durable = line.fence(ByteMask::all()).any() || fenced.durable;
    line.set_owner(PendingOwner());
  }
  return fenced;
}

bool is_clean(PackedPage& page) {
  bool outstanding = false;
  for (const PackedLine& line : page) outstanding = outstanding || line.outstanding().any();
  return !outstanding;
}

void assert_same(PackedPage& a, PackedPage& b) {
  for (std::uint64_t i = 0; i < kPageLines; i++) {
    assert_true(a[i].dirty() == b[i].dirty() && a[i].pending() == b[i].pending());
    assert_true(a[i].owner().thread() == b[i].owner().thread());
  }
}

}  // namespace

UNIT_TEST(flushing_and_fencing_a_packed_page_equals_doing_so_line_by_line) {
  test::Random random(9);
  int refused = 0, useful = 0, durable = 0, clean = 0;
  for (int round = 0; round < 300; round++) {
    PackedPage page, expected;
    for (int step = 0; step < 60; step++) {
      const ThreadNo thread{1 + static_cast<std::uint32_t>(random.below(2)) * 254};
      const std::uint64_t index = random.below(kPageLines);
      const auto first = 8 * static_cast<unsigned>(random.below(8));
      switch (random.below(6)) {
      case 0:
      case 1:
      case 2:
        assert_true(page[index].store(first, first + 8, kStack, true));
        assert_true(expected[index].store(first, first + 8, kStack, true));
        break;
      case 3:
        assert_int_equal(page.can_be_flushed_by(thread), can_be_flushed_by(expected, thread));
        if (!page.can_be_flushed_by(thread)) {
          refused++;
          break;
        }
        useful += page.flush(thread) ? 1 : 0;
        flush(expected, thread);
        break;
      case 4: {
        const PackedPage::Fenced fenced = page.fence(thread);
        const PackedPage::Fenced right = fence(expected, thread);
        assert_int_equal(fenced.lines, right.lines);
        assert_int_equal(fenced.durable, right.durable);
        durable += fenced.durable ? 1 : 0;
        break;
      }
      case 5:
        assert_int_equal(page.is_clean(), is_clean(expected));
        clean += page.is_clean() ? 1 : 0;
        break;
      }
      assert_same(page, expected);
    }
  }
  for (const int times : {refused, useful, durable, clean}) assert_in_range(times, 50, 10000);
}

UNIT_TEST(the_flush_of_a_packed_page_returns_whether_it_was_useful) {
  PackedPage page;
  assert_false(page.flush(ThreadNo{1}));
  assert_true(page[63].store(56, 64, kStack, true));
  assert_true(page.flush(ThreadNo{1}));
  assert_false(page.flush(ThreadNo{1}));
  assert_true(page[63].owner().is(ThreadNo{1}));
  assert_true(page[0].owner().is_nobody());
}

UNIT_TEST(a_thread_number_too_large_for_a_packed_line_cannot_flush_a_packed_page) {
  PackedPage page;
  assert_true(page.can_be_flushed_by(ThreadNo{255}));
  assert_false(page.can_be_flushed_by(ThreadNo{256}));
}
