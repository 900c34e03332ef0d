// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/orders.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestRange bytes(std::uint64_t begin, std::uint64_t count) {
  return GuestRange::of(GuestAddr(begin), count);
}
std::vector<std::uint64_t> asked(Orders& orders, GuestRange stored) {
  std::vector<std::uint64_t> begins;
  orders.stored(stored, [&](GuestRange first) { begins.push_back(first.begin.raw()); });
  std::sort(begins.begin(), begins.end());
  return begins;
}
using Begins = std::vector<std::uint64_t>;

}  // namespace

UNIT_TEST(an_order_is_asked_for_at_the_next_store_and_once) {
  Orders o;
  o.expect(bytes(0x100, 8), bytes(0x200, 8));
  assert_true(asked(o, bytes(0x208, 8)).empty());
  assert_true(asked(o, bytes(0x1f8, 8)).empty());
  assert_true((asked(o, bytes(0x207, 1)) == Begins{0x100}));
  assert_true(asked(o, bytes(0x200, 8)).empty());
}

UNIT_TEST(orders_of_overlapping_ranges_are_each_asked_for_once) {
  Orders o;
  o.expect(bytes(0x100, 8), bytes(0x200, 16));
  o.expect(bytes(0x300, 8), bytes(0x208, 16));
  assert_true((asked(o, bytes(0x200, 8)) == Begins{0x100}));
  assert_true((asked(o, bytes(0x208, 8)) == Begins{0x300}));
  assert_true(asked(o, bytes(0x200, 64)).empty());
}

UNIT_TEST(an_empty_range_orders_nothing) {
  Orders o;
  o.expect(bytes(0x100, 0), bytes(0x200, 8));
  o.expect(bytes(0x100, 8), bytes(0x200, 0));
  assert_true(asked(o, bytes(0, 0x1000)).empty());
}

UNIT_TEST(random_orders_are_asked_for_as_a_list_of_them_would_be) {
  std::srand(5);
  for (int round = 0; round < 200; round++) {
    Orders o;
    struct Known {
      std::uint64_t first;
      GuestRange second;
    };
    std::vector<Known> known;
    for (int event = 0; event < 60; event++) {
      const GuestRange range =
          bytes(std::uint64_t(std::rand() % 40), std::uint64_t(std::rand() % 12 + 1));
      if (std::rand() % 2 != 0) {
        const auto first = std::uint64_t(1000 + event);
        o.expect(bytes(first, 1), range);
        known.push_back({first, range});
        continue;
      }
      Begins wanted;
      std::erase_if(known, [&](const Known& k) {
        if (!k.second.overlaps(range)) return false;
        wanted.push_back(k.first);
        return true;
      });
      assert_true(asked(o, range) == wanted);
    }
  }
}
