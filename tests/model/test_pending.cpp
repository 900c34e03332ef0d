// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/pending.h"

#include <map>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr ThreadNo kOne{1};
constexpr ThreadNo kTwo{2};
constexpr LineAddr kLine(100);

// Lines with owners and PENDING bytes, like those of the machine.
struct Lines {
  struct Record {
    PendingOwner whose;
    ByteMask pending;
    PendingOwner owner() const { return whose; }
    void set_owner(PendingOwner owner) { whose = owner; }
  };
  std::map<LineAddr, Record> lines;
  PendingSets sets;

  void flush(ThreadNo thread, LineAddr line, ByteMask bytes) {
    Record& r = lines[line];
    sets.flushed(thread, line, bytes, r.pending, r.whose);
    r.pending |= bytes;
  }
  // RETURNS: how many lines the fence visited.
  int fence(ThreadNo thread) {
    int looked_at = 0;
    sets.fence(
        thread,
        [&](GuestRange run, auto visit) {
          for (LineAddr line = LineAddr::holding(run.begin); line.begin() < run.end;
               line = line.next()) {
            looked_at++;
            visit(line, lines[line]);
          }
        },
        [](Record& r, ByteMask bytes) { r.pending = r.pending.without(bytes); });
    return looked_at;
  }
  ByteMask pending(LineAddr line) { return lines[line].pending; }
};

}  // namespace

UNIT_TEST(a_fence_commits_only_the_flushes_of_its_own_thread) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  lines.fence(kTwo);
  assert_true(lines.pending(kLine) == ByteMask::of(0, 8));
  lines.fence(kOne);
  assert_false(lines.pending(kLine).any());
  assert_true(lines.lines[kLine].whose.is_nobody());
}

UNIT_TEST(a_line_flushed_by_two_threads_needs_the_fences_of_both) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  lines.flush(kTwo, kLine, ByteMask::of(8, 16));
  assert_true(lines.lines[kLine].whose.is_shared());
  lines.fence(kOne);
  assert_true(lines.pending(kLine) == ByteMask::of(8, 16));
  lines.fence(kTwo);
  assert_false(lines.pending(kLine).any());
  assert_true(lines.lines[kLine].whose.is_nobody());
}

UNIT_TEST(a_byte_stored_and_flushed_again_belongs_to_the_last_thread_that_flushed_it) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 16));
  lines.lines[kLine].pending = ByteMask::of(8, 16);  // bytes 0 to 7 were stored to
  lines.flush(kTwo, kLine, ByteMask::of(0, 8));
  lines.fence(kOne);
  assert_true(lines.pending(kLine) == ByteMask::of(0, 8));
}

UNIT_TEST(a_line_whose_bytes_were_all_stored_again_gets_a_new_owner) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  lines.lines[kLine].pending = ByteMask();
  lines.flush(kTwo, kLine, ByteMask::of(0, 8));
  lines.fence(kOne);
  assert_true(lines.pending(kLine) == ByteMask::of(0, 8));
  lines.fence(kTwo);
  assert_false(lines.pending(kLine).any());
}

UNIT_TEST(a_fence_visits_a_line_once_even_if_it_was_flushed_often) {
  Lines lines;
  for (int i = 0; i < 1000; i++) lines.flush(kOne, kLine, ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 1);
  assert_int_equal(lines.fence(kOne), 0);
}

UNIT_TEST(a_fence_visits_few_lines_that_were_not_flushed) {
  Lines lines;
  for (std::uint64_t i = 0; i < 100; i++) lines.flush(kOne, LineAddr(i * 3), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 99 * 3 + 1);
  for (std::uint64_t i = 0; i < 100; i++) lines.flush(kOne, LineAddr(i * 100), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 100);
  for (std::uint64_t i = 100; i > 0; i--) lines.flush(kOne, LineAddr(i), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 100);
}

UNIT_TEST(a_fence_leaves_lines_of_another_thread_within_its_runs_pending) {
  Lines lines;
  lines.flush(kOne, LineAddr(1), ByteMask::of(0, 8));
  lines.flush(kTwo, LineAddr(2), ByteMask::of(0, 8));
  lines.flush(kOne, LineAddr(3), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 3);
  assert_false(lines.pending(LineAddr(1)).any());
  assert_true(lines.pending(LineAddr(2)).any());
  assert_false(lines.pending(LineAddr(3)).any());
}

UNIT_TEST(a_shared_line_has_one_share_for_each_thread) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  for (int i = 0; i < 1000; i++) lines.flush(kTwo, kLine, ByteMask::of(8, 16));
  assert_int_equal(lines.fence(kTwo), 1);
  assert_int_equal(lines.fence(kOne), 1);
  assert_false(lines.pending(kLine).any());
}

UNIT_TEST(a_flush_of_nothing_or_by_no_thread_fails_the_check) {
  PendingSets sets;
  PendingOwner owner;
  expect_assert_failure(
      sets.flushed(ThreadNo::None, LineAddr(1), ByteMask::byte(0), ByteMask(), owner));
  expect_assert_failure(sets.flushed(ThreadNo{1}, LineAddr(1), ByteMask(), ByteMask(), owner));
  expect_assert_failure(sets.flushed(ThreadNo{1}, GuestRange::of(GuestAddr(0x1008), 0x40)));
}
