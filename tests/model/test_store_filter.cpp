// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/store_filter.h"

#include <algorithm>
#include <memory>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr std::uint64_t kGranule = StoreFilter::kGranuleBytes;
constexpr std::uint64_t kNear = StoreFilter::kNear;
constexpr std::uint64_t kReach = kNear + StoreFilter::kMaxStoreBytes - 1;

struct Filtered {
  std::unique_ptr<StoreFilter> filter = std::make_unique<StoreFilter>();
  PmemMap pmem;

  void add(std::uint64_t begin, std::uint64_t end) {
    filter->add({GuestAddr(begin), GuestAddr(end)}, pmem);
  }
  void remove(std::uint64_t begin, std::uint64_t end) {
    filter->remove({GuestAddr(begin), GuestAddr(end)}, pmem);
  }
  bool is_hot(std::uint64_t a) const { return filter->is_hot(GuestAddr(a)); }
};

GuestRange reached_from(std::uint64_t granule) {
  const std::uint64_t begin = granule * kGranule;
  const std::uint64_t before = std::min(begin, kNear);
  return GuestRange::of(GuestAddr(begin - before), before + kGranule + kReach);
}

}  // namespace

UNIT_TEST(the_store_filter_is_cold_without_mappings) {
  const Filtered f;
  for (std::uint64_t a = 0; a < 100 * kGranule; a += kGranule / 2) assert_false(f.is_hot(a));
}

UNIT_TEST(a_mapping_makes_its_granules_hot_and_no_others) {
  Filtered f;
  f.add(10 * kGranule + 0x8000, 12 * kGranule - kNear);
  assert_false(f.is_hot(9 * kGranule));
  assert_true(f.is_hot(10 * kGranule));
  assert_true(f.is_hot(12 * kGranule - 1));
  assert_false(f.is_hot(12 * kGranule));
}

UNIT_TEST(a_granule_is_hot_if_a_store_in_it_can_reach_a_mapping_after_it) {
  Filtered f;
  f.add(10 * kGranule, 10 * kGranule + 8);
  assert_true(f.is_hot(10 * kGranule - 1));
}

UNIT_TEST(a_granule_is_hot_if_a_store_near_it_can_reach_a_mapping) {
  Filtered f;
  f.add(10 * kGranule, 11 * kGranule - kNear + 1);
  assert_true(f.is_hot(11 * kGranule));
  f.add(20 * kGranule + kReach - 1, 21 * kGranule);
  assert_true(f.is_hot(19 * kGranule));
}

UNIT_TEST(a_granule_stays_hot_until_its_last_mapping_is_removed) {
  Filtered f;
  f.add(10 * kGranule + 0x2000, 10 * kGranule + 0x3000);
  f.add(10 * kGranule + 0x4000, 10 * kGranule + 0x5000);
  f.remove(10 * kGranule + 0x2000, 10 * kGranule + 0x3000);
  assert_true(f.is_hot(10 * kGranule));
  f.remove(10 * kGranule, 11 * kGranule);
  assert_false(f.is_hot(10 * kGranule));
}

UNIT_TEST(granules_that_share_a_slot_stay_hot_until_both_mappings_are_removed) {
  Filtered f;
  const std::uint64_t apart = StoreFilter::kSlots * kGranule;
  f.add(5 * kGranule + kReach, 6 * kGranule);
  f.add(apart + 5 * kGranule + kReach, apart + 6 * kGranule);
  f.remove(5 * kGranule, 6 * kGranule);
  assert_true(f.is_hot(5 * kGranule));
  f.remove(apart, 2 * apart);
  assert_false(f.is_hot(5 * kGranule));
}

UNIT_TEST(a_mapping_larger_than_the_filter_table_can_be_added_and_removed) {
  Filtered f;
  const std::uint64_t size = 5 * StoreFilter::kSlots * kGranule / 2;
  f.add(kGranule * 100, kGranule * 100 + size);
  assert_true(f.is_hot(0));
  assert_true(f.is_hot(kGranule * 77));
  f.remove(0, ~std::uint64_t{0});
  assert_false(f.is_hot(0));
  assert_false(f.is_hot(kGranule * 100));
  assert_false(f.is_hot(kGranule * 77));
}

UNIT_TEST(the_store_filter_agrees_with_the_mappings_granule_by_granule) {
  constexpr std::uint64_t kGranules = 12;
  for (std::uint64_t seed = 0; seed < 60; seed++) {
    test::Random random(seed);
    Filtered f;
    for (int step = 0; step < 40; step++) {
      const std::uint64_t begin = kGranule + random.below(kGranules * kGranule);
      const std::uint64_t end = begin + 1 + random.below(4 * kGranule);
      if (random.below(2) == 0)
        f.add(begin, end);
      else
        f.remove(begin, end);
      for (std::uint64_t g = 0; g < kGranules + 6; g++)
        assert_int_equal(f.is_hot(g * kGranule), f.pmem.overlaps(reached_from(g)));
    }
  }
}

UNIT_TEST(removing_part_of_a_mapping_as_large_as_the_table_keeps_its_neighbour_hot) {
  for (std::uint64_t granules = StoreFilter::kSlots - 3; granules < StoreFilter::kSlots + 6;
       granules++) {
    Filtered f;
    const std::uint64_t begin = 10 * kGranule;
    const std::uint64_t carved = begin + granules * kGranule + 4;
    f.add(begin, carved + 4096);
    f.remove(begin, carved);
    assert_true(f.is_hot(carved));
    assert_true(f.is_hot(carved - 8));
    assert_false(f.is_hot(carved + kGranule));
    f.remove(0, ~std::uint64_t{0});
    assert_false(f.is_hot(carved));
    assert_false(f.is_hot(carved - 8));
  }
}

UNIT_TEST(the_store_filter_accepts_the_whole_address_space) {
  Filtered f;
  f.add(0, ~std::uint64_t{0});
  assert_true(f.is_hot(kGranule * 123));
  f.remove(0, ~std::uint64_t{0});
  assert_false(f.is_hot(kGranule * 123));
}
