// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/flushes.h"

#include <memory>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestAddr kBase(0x10000);
constexpr ThreadNo kThread{1};
const auto kSameStack = [](StackId a, StackId b) { return a == b; };

struct Flushes {
  std::unique_ptr<StoreFilter> filter = std::make_unique<StoreFilter>();
  Machine machine{*filter};
  Vector<Finding> findings;

  Flushes() { machine.add_pmem(GuestRange::of(kBase, 4096)); }
  void flush(GuestRange range) {
    check_flush(machine, range, StackId{9}, kSameStack, findings);
    machine.flush_range(kThread, range);
  }
};

}  // namespace

UNIT_TEST(a_flush_of_a_dirty_store_is_no_finding) {
  Flushes f;
  f.machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  f.flush(GuestRange::of(kBase, 64));
  assert_true(f.findings.is_empty());
}

UNIT_TEST(a_redundant_flush_has_the_stacks_of_the_store_and_of_the_flush) {
  Flushes f;
  f.machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  f.flush(GuestRange::of(kBase, 64));
  f.flush(GuestRange::of(kBase, 64));
  assert_int_equal(f.findings.size(), 1);
  assert_int_equal(f.findings[0].kind, FindingKind::RedundantFlush);
  assert_int_equal(f.findings[0].stack, StackId{1});
  assert_int_equal(f.findings[0].later_stack, StackId{9});
  assert_true(f.findings[0].bytes == GuestRange::of(kBase, 8));
}

UNIT_TEST(a_redundant_flush_is_about_the_flushed_bytes_alone) {
  Flushes f;
  f.machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  f.flush(GuestRange::of(kBase, 64));
  f.machine.store(ThreadNo{1}, GuestRange::of(kBase + 16, 8), StackId{2});
  f.flush(GuestRange::of(kBase + 4, 32));
  assert_int_equal(f.findings.size(), 1);
  assert_true(f.findings[0].bytes == GuestRange::of(kBase + 4, 4));
}

UNIT_TEST(a_flush_of_a_line_without_stores_is_unnecessary) {
  Flushes f;
  f.machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  f.flush(GuestRange::of(kBase + 64, 64));
  assert_int_equal(f.findings.size(), 1);
  assert_int_equal(f.findings[0].kind, FindingKind::UnnecessaryFlush);
  assert_int_equal(f.findings[0].stack, StackId{9});
  assert_true(f.findings[0].bytes == GuestRange::of(kBase + 64, 64));
}

UNIT_TEST(a_flush_of_a_durable_store_is_unnecessary) {
  Flushes f;
  f.machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  f.flush(GuestRange::of(kBase, 64));
  f.machine.fence(kThread);
  f.flush(GuestRange::of(kBase, 64));
  assert_int_equal(f.findings.size(), 1);
  assert_int_equal(f.findings[0].kind, FindingKind::UnnecessaryFlush);
}

UNIT_TEST(the_second_flush_of_a_non_temporal_store_is_redundant) {
  Flushes f;
  f.machine.store(kThread, GuestRange::of(kBase, 8), StackId{1}, StoreKind::NonTemporal);
  f.flush(GuestRange::of(kBase, 64));
  assert_int_equal(f.findings.size(), 0);
  f.flush(GuestRange::of(kBase, 64));
  assert_int_equal(f.findings.size(), 1);
  assert_int_equal(f.findings[0].kind, FindingKind::RedundantFlush);
}
