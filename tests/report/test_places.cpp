// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/places.h"

#include <string>
#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestAddr kBase(0x100000);

constexpr GuestRange page(std::uint64_t number) {
  return GuestRange::of(kBase + 0x1000 * number, 0x1000);
}

// "pool+4096", "(pool+4096 name+8)", or "nothing".
std::string words(const Places& places, Place place) {
  std::string words;
  if (place.file != 0)
    words = std::string(places.text(place.file)) + "+" + std::to_string(place.offset);
  if (place.name != 0)
    words += (words.empty() ? "" : " ") + std::string(places.text(place.name)) + "+" +
             std::to_string(place.offset_in_name);
  return words.empty() ? "nothing" : words;
}

void assert_at(const Places& places, GuestAddr address, const char* wanted) {
  assert_string_equal(words(places, places.at(address)).c_str(), wanted);
}

}  // namespace

UNIT_TEST(an_address_in_a_mapped_file_has_its_offset_in_the_file) {
  Places places;
  places.map_file(page(1), "/pool", 0x3000);
  assert_at(places, kBase + 0x1008, "/pool+12296");
  assert_at(places, kBase + 0xfff, "nothing");
  assert_at(places, kBase + 0x2000, "nothing");
}

UNIT_TEST(a_mapping_without_a_path_shows_no_file) {
  Places places;
  places.map_file(page(0), "", 0);
  assert_at(places, kBase, "nothing");
}

UNIT_TEST(an_address_in_a_named_range_has_its_offset_there_beside_that_in_the_file) {
  Places places;
  places.map_file(page(0), "/pool", 0);
  places.name(GuestRange::of(kBase + 64, 16), "node");
  assert_at(places, kBase + 72, "/pool+72 node+8");
  assert_at(places, kBase + 80, "/pool+80");
}

UNIT_TEST(an_empty_name_removes_the_name_of_a_range) {
  Places places;
  places.name(GuestRange::of(kBase, 64), "node");
  places.name(GuestRange::of(kBase, 32), "");
  assert_at(places, kBase, "nothing");
  assert_at(places, kBase + 40, "node+40");
}

UNIT_TEST(a_new_mapping_replaces_the_part_of_an_older_one_that_it_covers) {
  Places places;
  places.map_file({page(0).begin, page(2).end}, "/old", 0);
  places.map_file(page(1), "/new", 0);
  assert_at(places, page(0).begin, "/old+0");
  assert_at(places, page(1).begin, "/new+0");
  assert_at(places, page(2).begin, "/old+8192");
}

UNIT_TEST(a_mapping_that_grows_shows_the_bytes_of_the_file_that_follow) {
  Places places;
  places.map_file(page(0), "/pool", 0x5000);
  places.extend(page(1));
  assert_at(places, page(1).begin, "/pool+24576");
  places.extend(page(3));  // page 2, before it, shows nothing
  assert_at(places, page(3).begin, "nothing");
}

UNIT_TEST(a_forgotten_range_has_no_file_and_no_name) {
  Places places;
  places.map_file({page(0).begin, page(1).end}, "/pool", 0);
  places.name({page(0).begin, page(1).end}, "all");
  places.forget(page(0));
  assert_at(places, page(0).begin, "nothing");
  assert_at(places, page(1).begin, "/pool+4096 all+4096");
}

UNIT_TEST(a_moved_mapping_keeps_its_file_its_name_and_the_offsets_in_both) {
  Places places;
  places.map_file(page(4), "/pool", 0x2000);
  places.name(GuestRange::of(page(4).begin + 64, 64), "node");
  places.move(page(4), page(0).begin);  // down: the distance wraps
  assert_at(places, page(4).begin + 64, "nothing");
  assert_at(places, page(0).begin + 72, "/pool+8264 node+8");
  places.move(page(0), page(9).begin);
  assert_at(places, page(9).begin + 72, "/pool+8264 node+8");
}

UNIT_TEST(a_text_has_one_number_wherever_and_however_often_it_is_used) {
  Places places;
  places.map_file(page(0), "/pool", 0);
  places.map_file(page(1), "/other", 0);
  places.map_file(page(2), std::string("/pool"), 0);
  assert_int_equal(places.at(page(0).begin).file, places.at(page(2).begin).file);
  assert_int_not_equal(places.at(page(0).begin).file, places.at(page(1).begin).file);
}

UNIT_TEST(a_number_that_no_text_has_is_refused) {
  Places places;
  places.map_file(page(0), "/pool", 0);
  assert_true(places.text(1) == "/pool");
  expect_assert_failure(places.text(0));
  expect_assert_failure(places.text(2));
}

UNIT_TEST(places_keep_a_copy_of_each_text) {
  Places places;
  std::string path = "/pool";
  places.map_file(page(0), path, 0);
  path = "xxxxx";
  assert_at(places, page(0).begin, "/pool+0");
}

UNIT_TEST(the_parts_of_a_range_are_split_where_the_file_changes) {
  Places places;
  places.map_file(page(1), "/a", 0x1000);
  places.map_file(page(2), "/b", 0);
  places.map_file(page(4), "/a", 0);
  std::vector<std::string> parts;
  const GuestRange range{page(0).begin, page(4).begin + 0x800};
  places.for_each_part(range, [&](GuestRange part, Place place) {
    parts.push_back(std::to_string((part.begin - kBase) / 0x800) + ".." +
                    std::to_string((part.end - kBase) / 0x800) + " " + words(places, place));
  });
  const std::vector<std::string> wanted = {"0..2 nothing", "2..4 /a+4096", "4..6 /b+0",
                                           "6..8 nothing", "8..9 /a+0"};
  assert_true(parts == wanted);
}

UNIT_TEST(a_part_that_begins_inside_a_mapping_has_the_offset_of_its_first_byte) {
  Places places;
  places.map_file(page(0), "/a", 0x1000);
  std::uint64_t offset = 0;
  places.for_each_part(GuestRange::of(kBase + 0x100, 8),
                       [&](GuestRange, Place place) { offset = place.offset; });
  assert_int_equal(offset, 0x1100);
}
