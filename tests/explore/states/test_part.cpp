// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/part.h"

#include <set>

#include "tests/check_failure.h"
#include "tests/unit.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;

namespace {

constexpr std::uint64_t kNothing[kChunksInLine] = {};
constexpr std::uint64_t kAll = ~std::uint64_t{0};

Atom atom(unsigned chunk, std::uint64_t value, std::uint64_t number,
          StoreKind kind = StoreKind::Ordinary) {
  return {.kind = kind,
          .chunk = static_cast<std::uint8_t>(chunk),
          .value = value,
          .mask = kAll,
          .number = number};
}
Atom nt(unsigned chunk, std::uint64_t value, std::uint64_t number) {
  return atom(chunk, value, number, StoreKind::NonTemporal);
}

std::vector<Part> parts(const std::vector<Atom>& atoms, std::size_t most = 64) {
  return parts_of({0, 0}, atoms, kNothing, most);
}

}  // namespace

UNIT_TEST(ordinary_stores_of_a_line_are_kept_as_prefixes) {
  const auto found = parts({atom(3, 1, 1), atom(0, 2, 2), atom(3, 3, 3)});
  assert_int_equal(found.size(), 1);
  const Part& part = found[0];
  assert_true((part.chunks == std::vector<std::uint8_t>{0, 3}));
  std::vector<std::vector<std::uint64_t>> values;
  for (const Part::Version& v : part.versions) values.push_back(v.values);
  assert_true((values == std::vector<std::vector<std::uint64_t>>{{0, 0}, {0, 1}, {2, 1}, {2, 3}}));
  assert_int_equal(part.latest, 3);
}

UNIT_TEST(each_non_temporal_chunk_is_a_part_of_its_own) {
  const auto found = parts({nt(0, 1, 1), nt(1, 2, 1), nt(5, 3, 2)});
  assert_int_equal(found.size(), 3);
  for (const Part& part : found) assert_int_equal(part.levels(), 2);
}

UNIT_TEST(a_non_temporal_store_over_an_ordinary_one_is_not_kept_without_it) {
  // Ordinary stores to chunks 0 and 1, then a non-temporal one to 1: not kept without the first
  // two.
  const auto found = parts({atom(0, 1, 1), atom(1, 2, 2), nt(1, 3, 3)});
  assert_int_equal(found.size(), 1);
  assert_int_equal(found[0].levels(), 4);
}

UNIT_TEST(stores_that_change_nothing_give_no_versions) {
  assert_int_equal(parts({atom(0, 0, 1)}).size(), 0);
  const auto found = parts({atom(0, 5, 1), atom(0, 5, 2), atom(0, 0, 3)});
  assert_int_equal(found.size(), 1);
  assert_int_equal(found[0].levels(), 2);
  assert_int_equal(found[0].latest, 0);  // as before the stores
}

UNIT_TEST(a_store_to_some_bytes_of_a_chunk_leaves_the_others) {
  Atom low = atom(0, 0x11, 1);
  low.mask = 0xff;
  Atom high = atom(0, 0x2200, 2);
  high.mask = 0xff00;
  const auto found = parts({low, high});
  assert_int_equal(found[0].versions[1].values[0], 0x11);
  assert_int_equal(found[0].versions[2].values[0], 0x2211);
}

UNIT_TEST(a_part_with_too_many_versions_is_thinned_out_and_marked_incomplete) {
  std::vector<Atom> atoms;
  for (std::uint64_t i = 1; i <= 1000; i++) atoms.push_back(atom(0, i, i));
  const auto found = parts(atoms, 10);
  assert_int_equal(found[0].levels(), 10);
  assert_false(found[0].is_complete);
  assert_int_equal(found[0].versions[0].values[0], 0);
  assert_int_equal(found[0].versions[found[0].latest].values[0], 1000);
  assert_true(parts(atoms, 1001)[0].is_complete);
}

UNIT_TEST(a_version_is_found_by_its_last_store) {
  const auto found = parts({atom(3, 1, 10), atom(0, 2, 20), atom(3, 3, 30)});
  assert_int_equal(*found[0].version_up_to(9), 0);
  assert_int_equal(*found[0].version_up_to(10), 1);
  assert_int_equal(*found[0].version_up_to(29), 2);
  assert_int_equal(*found[0].version_up_to(30), 3);
  assert_false(found[0].version_of({false, true, false}).has_value());
}

UNIT_TEST(different_contents_of_chunks_have_different_hashes) {
  std::set<ContentHash> hashes;
  for (std::uint32_t file = 0; file < 5; file++)
    for (std::uint64_t chunk = 0; chunk < 200; chunk++)
      for (std::uint64_t value = 0; value < 20; value++)
        hashes.insert(hash_of_chunk(file, chunk, value));
  assert_int_equal(hashes.size(), 5 * 200 * 20);
}

UNIT_TEST(the_change_of_a_version_is_the_change_of_its_chunks_hashes) {
  const auto found = parts({atom(1, 7, 1)});
  ContentHash change = hash_of_chunk(0, 1, 7);
  change -= hash_of_chunk(0, 1, 0);
  assert_true(found[0].versions[1].change == change);
  assert_true(found[0].versions[0].change == ContentHash{});
}

UNIT_TEST(atoms_that_are_invalid_or_out_of_order_fail_a_check) {
  Atom outside = atom(0, 0x1ff, 1);
  outside.mask = 0xff;
  assert_check_fails(parts({outside}));
  assert_check_fails(parts({atom(kChunksInLine, 1, 1)}));
  assert_check_fails(parts({atom(0, 1, 2), atom(0, 2, 1)}));
  assert_check_fails(parts({atom(0, 1, 1)}, 1));
}

UNIT_TEST(a_chunk_that_a_part_does_not_have_fails_a_check) {
  const auto found = parts({atom(3, 1, 1)});
  assert_check_fails(found[0].index_of(2));
  assert_check_fails(found[0].contents({true, true}));
}
