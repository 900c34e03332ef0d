// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/pending.h"

#include <map>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr ThreadNo kOne{1};
constexpr ThreadNo kTwo{2};
constexpr LineAddr kLine(100);

// Lines with an owner and PENDING bytes, as the machine keeps them.
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
  // RETURNS: how many lines the fence looked at.
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

UNIT_TEST(a_fence_commits_what_its_own_thread_flushed) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  lines.fence(kTwo);
  assert_true(lines.pending(kLine) == ByteMask::of(0, 8));
  lines.fence(kOne);
  assert_false(lines.pending(kLine).any());
  assert_true(lines.lines[kLine].whose.is_nobody());
}

UNIT_TEST(a_line_that_two_threads_flushed_is_committed_in_two_steps) {
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

UNIT_TEST(a_byte_stored_again_belongs_to_whoever_flushed_it_last) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 16));
  lines.lines[kLine].pending = ByteMask::of(8, 16);  // bytes 0 to 7 were stored to
  lines.flush(kTwo, kLine, ByteMask::of(0, 8));
  lines.fence(kOne);
  assert_true(lines.pending(kLine) == ByteMask::of(0, 8));
}

UNIT_TEST(a_line_whose_bytes_were_all_stored_again_changes_hands) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  lines.lines[kLine].pending = ByteMask();
  lines.flush(kTwo, kLine, ByteMask::of(0, 8));
  lines.fence(kOne);
  assert_true(lines.pending(kLine) == ByteMask::of(0, 8));
  lines.fence(kTwo);
  assert_false(lines.pending(kLine).any());
}

UNIT_TEST(a_fence_looks_at_each_line_once_however_often_it_was_flushed) {
  Lines lines;
  for (int i = 0; i < 1000; i++) lines.flush(kOne, kLine, ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 1);
  assert_int_equal(lines.fence(kOne), 0);
}

UNIT_TEST(a_fence_looks_at_few_lines_beside_those_that_were_flushed) {
  Lines lines;
  for (std::uint64_t i = 0; i < 100; i++) lines.flush(kOne, LineAddr(i * 3), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 99 * 3 + 1);
  for (std::uint64_t i = 0; i < 100; i++) lines.flush(kOne, LineAddr(i * 100), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 100);
  for (std::uint64_t i = 100; i > 0; i--) lines.flush(kOne, LineAddr(i), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 100);
}

UNIT_TEST(what_another_thread_flushed_among_them_is_left_to_it) {
  Lines lines;
  lines.flush(kOne, LineAddr(1), ByteMask::of(0, 8));
  lines.flush(kTwo, LineAddr(2), ByteMask::of(0, 8));
  lines.flush(kOne, LineAddr(3), ByteMask::of(0, 8));
  assert_int_equal(lines.fence(kOne), 3);
  assert_false(lines.pending(LineAddr(1)).any());
  assert_true(lines.pending(LineAddr(2)).any());
  assert_false(lines.pending(LineAddr(3)).any());
}

UNIT_TEST(a_shared_line_is_listed_once_for_each_thread) {
  Lines lines;
  lines.flush(kOne, kLine, ByteMask::of(0, 8));
  for (int i = 0; i < 1000; i++) lines.flush(kTwo, kLine, ByteMask::of(8, 16));
  assert_int_equal(lines.fence(kTwo), 1);
  assert_int_equal(lines.fence(kOne), 1);
  assert_false(lines.pending(kLine).any());
}
