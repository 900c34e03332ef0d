// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/hash_map.h"

#include <map>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_key_that_was_never_inserted_has_no_value) {
  HashMap<int> map;
  assert_null(map.find(0));
  map.get(7) = 1;
  assert_null(map.find(0));
  assert_int_equal(map.size(), 1);
}

UNIT_TEST(a_new_value_of_a_hash_map_is_zero) {
  HashMap<int> map;
  assert_int_equal(map.get(~std::uint64_t{0}), 0);
}

UNIT_TEST(a_hash_map_agrees_with_std_map) {
  for (std::uint64_t seed = 0; seed < 50; seed++) {
    test::Random random(seed);
    HashMap<int> map;
    std::map<std::uint64_t, int> oracle;
    for (int step = 0; step < 2000; step++) {
      // Few keys, many of which have the same home in a small table.
      const std::uint64_t key = random.below(100) << (seed % 2 == 0 ? 0 : 40);
      if (random.below(3) == 0) {
        assert_int_equal(map.erase(key), oracle.erase(key) != 0);
      } else {
        map.get(key) = step;
        oracle[key] = step;
      }
      if (step % 50 == 0) assert_true(map.is_valid());
    }
    assert_int_equal(map.size(), oracle.size());
    for (const auto& [key, value] : oracle) {
      assert_non_null(map.find(key));
      assert_int_equal(*map.find(key), value);
    }
    std::size_t visited = 0;
    map.for_each([&](std::uint64_t key, int value) {
      visited++;
      assert_int_equal(oracle.at(key), value);
    });
    assert_int_equal(visited, oracle.size());
  }
}
