// test_history.cpp: mappings that are made, moved and removed, and share a file.  Barriers are
// tested in test_point.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/history.h"

#include "tests/check_failure.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
using test::images_of;
using test::TraceBuilder;

namespace {

TraceMapping shows(std::uint64_t address, std::uint64_t bytes, std::uint64_t offset,
                   const char* path = "/mnt/pool", std::uint64_t inode = 1) {
  return {.range = GuestRange::of(GuestAddr(address), bytes),
          .file_offset = offset,
          .file_bytes = 256,
          .inode = inode,
          .path = path};
}

void put(TraceWriter& w, std::uint64_t address, const std::string& text) {
  w.store(RecordKind::Store, GuestAddr(address),
          {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, StackId::None);
}

// The last point's image with everything kept, and the number of images.
struct Seen {
  std::string latest;
  std::size_t images;
};
template <class Write>
Seen see(Write write) {
  test::Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::adr, FenceScope::thread);
  w.thread(ThreadNo{1});
  write(w);
  w.end();
  std::string latest;
  images_of(text.str(), {.engine = Engine::NoReorderDoCheck}, {}, &latest);
  return {latest, images_of(text.str()).size()};
}

}  // namespace

UNIT_TEST(a_name_stays_with_bytes_of_the_file_until_they_are_unmapped) {
  using Names = std::vector<std::string_view>;
  std::vector<Names> seen;
  test::Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::adr, FenceScope::thread);
  w.map(shows(0x10000, 256, 0));
  w.name(GuestRange::of(GuestAddr(0x10010), 32), "head");
  w.name(GuestRange::of(GuestAddr(0x10020), 32), "tail");  // takes half of it
  w.fence(StackId::None);
  w.move(GuestRange::of(GuestAddr(0x10000), 256), GuestAddr(0x50000));
  w.name(GuestRange::of(GuestAddr(0x50030), 16), "");
  w.fence(StackId::None);
  w.unmap(GuestRange::of(GuestAddr(0x50000), 256));
  w.fence(StackId::None);
  w.end();
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", text.str()), {});
  const Survey survey(recording);
  History history(survey, 64);
  recording.for_each([&](const TraceRecord& record) {
    history.apply(record, [](const Barrier&) {});
    if (record.kind == RecordKind::Fence) {
      seen.push_back(history.names_of({0, 0}, 0x28));
      seen.push_back(history.names_of({0, 0x30}, 0x10));
    }
    return true;
  });
  assert_true(seen ==
              (std::vector<Names>{{"head", "tail"}, {"tail"}, {"head", "tail"}, {}, {}, {}}));
}

UNIT_TEST(stores_through_two_mappings_of_a_file_share_its_cache_lines) {
  const Seen seen = see([](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    w.map(shows(0x20000, 128, 128));
    put(w, 0x10080, "a");
    put(w, 0x20008, "b");  // the same line
  });
  assert_int_equal(seen.latest[128], 'a');
  assert_int_equal(seen.latest[136], 'b');
  assert_int_equal(seen.images, 3);  // b is not kept without a
}

UNIT_TEST(stores_stay_pending_when_their_mapping_is_removed) {
  const Seen seen = see([](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    put(w, 0x10000, "a");
    w.unmap(GuestRange::of(GuestAddr(0x10000), 256));
    put(w, 0x10040, "b");  // outside of every mapping
  });
  assert_int_equal(seen.latest[0], 'a');
  assert_int_equal(seen.latest[64], '\0');
  assert_int_equal(seen.images, 2);
}

UNIT_TEST(a_mapping_that_moves_shows_the_same_file) {
  const Seen seen = see([](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    put(w, 0x10000, "a");
    w.move(GuestRange::of(GuestAddr(0x10000), 256), GuestAddr(0x50000));
    put(w, 0x50008, "b");
    put(w, 0x10040, "c");  // nothing is there any more
  });
  assert_int_equal(seen.latest[0], 'a');
  assert_int_equal(seen.latest[8], 'b');
  assert_int_equal(seen.latest[64], '\0');
  assert_int_equal(seen.images, 3);
}

UNIT_TEST(initial_contents_are_in_every_image) {
  const std::uint8_t old[] = {'o', 'l', 'd'};
  const Seen seen = see([&](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    w.contents(GuestAddr(0x10000), old);
    put(w, 0x10001, "n");
  });
  assert_string_equal(seen.latest.c_str(), "ond");
  assert_int_equal(seen.images, 2);
}

UNIT_TEST(a_file_mapped_again_shows_its_new_contents_except_in_pending_lines) {
  const std::uint8_t now[] = {'n', 'o', 'w'};
  const Seen seen = see([&](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    put(w, 0x10000, "p");
    put(w, 0x10040, "q");
    w.flush_of(RecordKind::WeakFlush, GuestRange::of(GuestAddr(0x10040), 64), StackId::None);
    w.fence(StackId::None);
    w.unmap(GuestRange::of(GuestAddr(0x10000), 256));
    w.map(shows(0x30000, 256, 0));
    w.contents(GuestAddr(0x30000), now);  // pending: ignored
    w.contents(GuestAddr(0x30080), now);  // written meanwhile, by write(2)
  });
  assert_int_equal(seen.latest[0], 'p');
  assert_int_equal(seen.latest[1], '\0');
  assert_int_equal(seen.latest[64], '\0');  // gone meanwhile
  assert_string_equal(seen.latest.c_str() + 128, "now");
}

UNIT_TEST(a_store_across_two_lines_can_be_torn_between_them) {
  TraceBuilder trace;
  trace.thread(1).store(60, "abcdefgh");
  const auto images = images_of(trace.file());
  assert_int_equal(images.size(), 4);
}

UNIT_TEST(bytes_stored_past_the_end_of_the_file_are_not_kept) {
  TraceBuilder trace(100);
  trace.thread(1).store(96, "abcd");
  for (const std::string& image : images_of(trace.file())) assert_int_equal(image.size(), 100);
}

UNIT_TEST(records_of_another_recording_than_the_surveys_fail_a_check) {
  test::Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::adr, FenceScope::thread);
  w.end();
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", text.str()), {});
  const Survey survey(recording);
  History history(survey, 64);
  TraceRecord map{.kind = RecordKind::Map, .range = GuestRange::of(GuestAddr(0x10000), 256)};
  map.mapping = shows(0x10000, 256, 0);
  assert_check_fails(history.apply(map, [](const Barrier&) {}));
  assert_check_fails(history.certain(0));
  assert_check_fails(History(survey, 1));
}
