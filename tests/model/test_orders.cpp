// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/orders.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestRange bytes(std::uint64_t begin, std::uint64_t count) {
  return GuestRange::of(GuestAddr(begin), count);
}
std::vector<std::uint64_t> asked(Orders& orders, GuestRange stored) {
  std::vector<std::uint64_t> begins;
  orders.stored(stored, [&](std::span<const GuestRange> first) {
    for (const GuestRange part : first) begins.push_back(part.begin.raw());
  });
  std::sort(begins.begin(), begins.end());
  return begins;
}
using Begins = std::vector<std::uint64_t>;

}  // namespace

UNIT_TEST(an_asserted_order_is_checked_at_the_next_store_only) {
  Orders o;
  o.expect(bytes(0x100, 8), bytes(0x200, 8));
  assert_true(asked(o, bytes(0x208, 8)).empty());
  assert_true(asked(o, bytes(0x1f8, 8)).empty());
  assert_true((asked(o, bytes(0x207, 1)) == Begins{0x100}));
  assert_true(asked(o, bytes(0x200, 8)).empty());
}

UNIT_TEST(asserted_orders_of_overlapping_ranges_are_each_checked_once) {
  Orders o;
  o.expect(bytes(0x100, 8), bytes(0x200, 16));
  o.expect(bytes(0x300, 8), bytes(0x208, 16));
  assert_true((asked(o, bytes(0x200, 8)) == Begins{0x100}));
  assert_true((asked(o, bytes(0x208, 8)) == Begins{0x300}));
  assert_true(asked(o, bytes(0x200, 64)).empty());
}

UNIT_TEST(an_asserted_order_with_an_empty_range_is_ignored) {
  Orders o;
  o.expect(bytes(0x100, 0), bytes(0x200, 8));
  o.expect(bytes(0x100, 8), bytes(0x200, 0));
  assert_true(asked(o, bytes(0, 0x1000)).empty());
}

UNIT_TEST(an_order_ends_when_either_of_its_ranges_is_unmapped) {
  Orders o;
  o.expect(bytes(0x100, 8), bytes(0x200, 8));
  o.forget(bytes(0x200, 4));
  assert_true(o.any());
  o.forget(bytes(0x204, 4));
  assert_false(o.any());
  o.expect(bytes(0x100, 8), bytes(0x200, 8));
  o.forget(bytes(0, 0x180));
  assert_false(o.any());
  assert_true(asked(o, bytes(0x200, 8)).empty());
}

UNIT_TEST(an_order_requires_only_the_mapped_parts_of_its_first_range) {
  Orders o;
  o.expect(bytes(0x100, 0x30), bytes(0x200, 8));
  o.forget(bytes(0x110, 0x10));
  assert_true((asked(o, bytes(0x200, 8)) == Begins{0x100, 0x120}));
}

UNIT_TEST(an_order_moves_with_the_memory_of_either_range) {
  Orders o;
  o.expect(bytes(0x100, 8), bytes(0x200, 8));
  o.move(bytes(0x200, 0x100), GuestAddr(0x1000));
  assert_true(asked(o, bytes(0x200, 8)).empty());
  o.move(bytes(0x100, 4), GuestAddr(0x2000));
  assert_true((asked(o, bytes(0x1000, 1)) == Begins{0x104, 0x2000}));
  assert_false(o.any());
}

// Memory is 64 bytes at 0, and 64 bytes at kOther that are unused until memory moves there.
UNIT_TEST(random_orders_agree_with_a_plain_list) {
  constexpr std::uint64_t kOther = 1000;
  using Bytes = std::set<std::uint64_t>;
  struct Known {
    Bytes first, second;
  };
  const auto bytes_of = [](GuestRange range) {
    Bytes all;
    for (std::uint64_t b = range.begin.raw(); b < range.end.raw(); b++) all.insert(b);
    return all;
  };
  const auto erase = [](Bytes& all, const Bytes& gone) {
    for (const std::uint64_t b : gone) all.erase(b);
  };
  std::srand(5);
  const auto below = [](int n) { return std::uint64_t(std::rand() % n); };
  for (int round = 0; round < 300; round++) {
    Orders o;
    std::vector<Known> known;
    for (int event = 0; event < 60; event++) {
      const GuestRange range = bytes(below(40), below(12) + 1);
      switch (below(6)) {
      case 0:
      case 1: {
        const GuestRange first = bytes(40 + below(20), below(8) + 1);
        o.expect(first, range);
        known.push_back({bytes_of(first), bytes_of(range)});
        break;
      }
      case 2: {
        const GuestRange gone = bytes(below(60), below(12) + 1);
        o.forget(gone);
        for (Known& k : known) erase(k.first, bytes_of(gone)), erase(k.second, bytes_of(gone));
        break;
      }
      case 3: {
        const GuestRange from = bytes(below(60), below(12) + 1);
        const GuestRange to = bytes(kOther + from.begin.raw(), from.size());
        o.forget(to);
        o.move(from, to.begin);
        for (Known& k : known)
          for (Bytes* all : {&k.first, &k.second}) {
            erase(*all, bytes_of(to));
            for (const std::uint64_t b : bytes_of(from))
              if (all->erase(b) != 0) all->insert(b + kOther);
          }
        break;
      }
      default: {
        const GuestRange stored = below(2) != 0 ? range : bytes(kOther + below(60), 4);
        std::multiset<std::uint64_t> wanted, got;
        std::erase_if(known, [&](const Known& k) {
          const Bytes at = bytes_of(stored);
          const bool is_met = !k.first.empty() && std::any_of(at.begin(), at.end(), [&](auto b) {
            return k.second.count(b) != 0;
          });
          if (is_met) wanted.insert(k.first.begin(), k.first.end());
          return is_met;
        });
        o.stored(stored, [&](std::span<const GuestRange> first) {
          for (const GuestRange part : first) {
            const Bytes all = bytes_of(part);
            got.insert(all.begin(), all.end());
          }
        });
        assert_true(got == wanted);
      }
      }
      std::erase_if(known, [](const Known& k) { return k.first.empty() || k.second.empty(); });
      assert_int_equal(o.any(), !known.empty());
    }
  }
}
