// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/unwinding_cache.h"

#include <initializer_list>
#include <map>
#include <memory>
#include <utility>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr UnwindingStart kStart{
    .ip = 0x401000, .sp = 0x7000, .bp = 0, .thread = 1, .generation = 1};

// A cache, and the memory of the guest.
struct Guest {
  std::unique_ptr<UnwindingCache> cache = std::make_unique<UnwindingCache>();
  std::map<std::uint64_t, std::uint64_t> memory;

  auto reader() {
    return [this](std::uint64_t address) { return memory[address]; };
  }
  const Unwinding* find(const UnwindingStart& start) { return cache->find(start, reader()); }
  const Unwinding* find_last(const UnwindingStart& start) {
    return cache->find_last(start, reader());
  }
  // Unwinds from `start`, by reading these addresses.
  Unwinding& unwind(const UnwindingStart& start, StackId stack,
                    std::initializer_list<std::uint64_t> addresses) {
    Unwinding& u = cache->replace(start);
    u.stack = stack;
    for (const std::uint64_t address : addresses) assert_true(u.add(address, memory[address]));
    cache->remember(u);
    return u;
  }
};

}  // namespace

UNIT_TEST(an_empty_unwinding_cache_finds_nothing) {
  Guest guest;
  assert_null(guest.find(kStart));
  assert_null(guest.find_last(kStart));
  assert_null(guest.find(UnwindingStart{}));
  assert_null(guest.find_last(UnwindingStart{}));
}

UNIT_TEST(an_unwinding_is_found_while_the_words_that_it_read_are_the_same) {
  Guest guest;
  guest.memory = {{0x7008, 1}, {0x7010, 2}, {0x7018, 3}};
  guest.unwind(kStart, StackId{5}, {0x7008, 0x7018});
  guest.memory[0x7010] = 7;  // the unwinding did not read this word
  assert_int_equal(guest.find(kStart)->stack, StackId{5});
  for (const std::uint64_t address : {0x7008, 0x7018}) {
    const std::uint64_t before = std::exchange(guest.memory[address], 99);
    assert_null(guest.find(kStart));
    assert_null(guest.find_last(kStart));
    guest.memory[address] = before;
    assert_int_equal(guest.find(kStart)->stack, StackId{5});
  }
}

UNIT_TEST(an_unwinding_is_not_found_from_another_start) {
  Guest guest;
  guest.unwind(kStart, StackId{5}, {});
  for (const auto change :
       {+[](UnwindingStart& s) { s.ip++; }, +[](UnwindingStart& s) { s.sp++; },
        +[](UnwindingStart& s) { s.bp++; }, +[](UnwindingStart& s) { s.thread++; },
        +[](UnwindingStart& s) { s.generation++; }}) {
    UnwindingStart other = kStart;
    change(other);
    assert_null(guest.find(other));
    assert_null(guest.find_last(other));
  }
}

UNIT_TEST(an_unwinding_that_was_not_remembered_is_not_found) {
  Guest guest;
  guest.cache->replace(kStart).stack = StackId{5};
  assert_null(guest.find(kStart));
  assert_null(guest.find_last(kStart));
}

UNIT_TEST(find_last_returns_only_the_unwinding_that_was_found_last) {
  Guest guest;
  guest.memory[0x7008] = 1;
  guest.unwind(kStart, StackId{1}, {0x7008});
  guest.memory[0x7008] = 2;
  guest.unwind(kStart, StackId{2}, {0x7008});
  assert_null(guest.find_last(kStart));  // way 0, which does not hold
  assert_int_equal(guest.find(kStart)->stack, StackId{2});
  assert_int_equal(guest.find_last(kStart)->stack, StackId{2});
  guest.memory[0x7008] = 1;
  assert_null(guest.find_last(kStart));
  assert_int_equal(guest.find(kStart)->stack, StackId{1});
  assert_int_equal(guest.find_last(kStart)->stack, StackId{1});
}

UNIT_TEST(a_set_keeps_as_many_unwindings_as_it_has_ways_and_replaces_the_oldest) {
  Guest guest;
  constexpr std::uint32_t kMany = UnwindingCache::kWays + 3;
  for (std::uint32_t i = 1; i <= kMany; i++) {
    guest.memory[0x7008] = i;
    guest.unwind(kStart, StackId{i}, {0x7008});
  }
  for (std::uint32_t i = 1; i <= kMany; i++) {
    guest.memory[0x7008] = i;
    const Unwinding* found = guest.find(kStart);
    assert_int_equal(found != nullptr, i > 3);
    if (found != nullptr) assert_int_equal(found->stack, StackId{i});
  }
}

UNIT_TEST(an_unwinding_that_replaces_another_is_found_only_once_it_is_remembered) {
  Guest guest;
  for (std::uint32_t i = 1; i <= UnwindingCache::kWays; i++) guest.unwind(kStart, StackId{i}, {});
  assert_int_equal(guest.find(kStart)->stack, StackId{1});
  Unwinding& fresh = guest.cache->replace(kStart);
  fresh.stack = StackId{100};
  assert_null(guest.find_last(kStart));
  assert_int_equal(guest.find(kStart)->stack, StackId{2});
  guest.cache->remember(fresh);
  assert_int_equal(guest.find(kStart)->stack, StackId{100});
}

UNIT_TEST(each_remembered_unwinding_has_a_serial_of_its_own) {
  Guest guest;
  const std::uint64_t first = guest.unwind(kStart, StackId{1}, {}).serial;
  const std::uint64_t second = guest.unwind(kStart, StackId{1}, {}).serial;
  assert_true(first != 0 && second != 0 && first != second);
  assert_int_equal(guest.cache->replace(kStart).serial, 0);
}

UNIT_TEST(only_the_unwinding_that_replace_returned_last_can_be_remembered) {
  Guest guest;
  Unwinding& first = guest.cache->replace(kStart);
  Unwinding& second = guest.cache->replace(kStart);
  expect_assert_failure(guest.cache->remember(first));
  guest.cache->remember(second);
  expect_assert_failure(guest.cache->remember(second));
}

UNIT_TEST(an_unwinding_refuses_more_words_than_it_has_room_for) {
  Unwinding u{};
  for (std::uint64_t i = 0; i < Unwinding::kMaxWords; i++) assert_true(u.add(8 * i, i));
  assert_false(u.add(0, 0));
  assert_int_equal(u.used, Unwinding::kMaxWords);
}

UNIT_TEST(an_unwinding_follows_from_another_that_read_all_its_words) {
  Guest guest;
  guest.memory = {{0x7008, 1}, {0x7010, 2}, {0x7018, 3}};
  UnwindingStart next = kStart;
  next.ip += 4;
  const Unwinding& first = guest.unwind(kStart, StackId{1}, {0x7008, 0x7010});
  const Unwinding& fewer = guest.unwind(next, StackId{2}, {0x7010});
  const Unwinding& more = guest.unwind(next, StackId{2}, {0x7010, 0x7018});
  assert_true(first.follows_from(first));
  assert_true(fewer.follows_from(first));
  assert_false(first.follows_from(fewer));
  assert_false(more.follows_from(first));
  guest.memory[0x7010] = 5;  // the same address, another value
  assert_false(guest.unwind(next, StackId{3}, {0x7010}).follows_from(first));
}

UNIT_TEST(an_unwinding_that_is_not_remembered_follows_from_none_and_none_from_it) {
  Guest guest;
  const Unwinding& remembered = guest.unwind(kStart, StackId{1}, {});
  const Unwinding& not_remembered = guest.cache->replace(kStart);
  assert_false(remembered.follows_from(not_remembered));
  assert_false(not_remembered.follows_from(remembered));
}

UNIT_TEST(the_unwinding_cache_returns_the_stack_that_a_new_unwinding_would_give) {
  test::Random random(11);
  Guest guest;
  // The stack is a function of the start and two words, one of which the start selects.
  const auto stack_of = [&](const UnwindingStart& s) {
    return StackId{static_cast<std::uint32_t>(1 + s.ip % 8 + 8 * guest.memory[0] +
                                              64 * guest.memory[8 * (s.sp % 4 + 1)])};
  };
  unsigned found = 0;
  for (int step = 0; step < 100'000; step++) {
    if (random.below(4) == 0) guest.memory[8 * random.below(5)] = random.below(4);
    const UnwindingStart start{random.below(8), random.below(4), 0, 1, 1};
    const Unwinding* last = guest.find_last(start);
    const Unwinding* known = guest.find(start);
    if (last != nullptr) {
      assert_int_equal(last->stack, stack_of(start));
      assert_non_null(known);
    }
    if (known == nullptr) {
      guest.unwind(start, stack_of(start), {0, 8 * (start.sp % 4 + 1)});
      continue;
    }
    assert_int_equal(known->stack, stack_of(start));
    found++;
  }
  assert_in_range(found, 50'000, 100'000);  // otherwise the test checks nothing
}
