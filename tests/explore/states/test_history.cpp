// test_history.cpp: mappings that come, go and show the same file; barriers are test_point.cpp's.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/history.h"

#include "pmemcheck/explore/input/recording.h"
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

// RETURNS: the last point's image with everything kept, and how many there are.
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

UNIT_TEST(a_name_belongs_to_bytes_of_the_file_until_its_mapping_goes) {
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
    history.tell(record, [](const Barrier&) {});
    if (record.kind == RecordKind::Fence) {
      seen.push_back(history.names_of({0, 0}, 0x28));
      seen.push_back(history.names_of({0, 0x30}, 0x10));
    }
    return true;
  });
  assert_true(seen ==
              (std::vector<Names>{{"head", "tail"}, {"tail"}, {"head", "tail"}, {}, {}, {}}));
}

UNIT_TEST(a_file_mapped_twice_has_one_line_where_both_show_it) {
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

UNIT_TEST(what_was_pending_stays_so_when_its_mapping_goes) {
  const Seen seen = see([](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    put(w, 0x10000, "a");
    w.unmap(GuestRange::of(GuestAddr(0x10000), 256));
    put(w, 0x10040, "b");  // to nothing that is known
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

UNIT_TEST(what_a_file_held_before_is_there_from_the_beginning) {
  const std::uint8_t old[] = {'o', 'l', 'd'};
  const Seen seen = see([&](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    w.contents(GuestAddr(0x10000), old);
    put(w, 0x10001, "n");
  });
  assert_string_equal(seen.latest.c_str(), "ond");
  assert_int_equal(seen.images, 2);
}

UNIT_TEST(a_file_mapped_again_is_as_it_is_then_but_for_what_is_pending) {
  const std::uint8_t now[] = {'n', 'o', 'w'};
  const Seen seen = see([&](TraceWriter& w) {
    w.map(shows(0x10000, 256, 0));
    put(w, 0x10000, "p");
    put(w, 0x10040, "q");
    w.flush_of(RecordKind::WeakFlush, GuestRange::of(GuestAddr(0x10040), 64), StackId::None);
    w.fence(StackId::None);
    w.unmap(GuestRange::of(GuestAddr(0x10000), 256));
    w.map(shows(0x30000, 256, 0));
    w.contents(GuestAddr(0x30000), now);  // pending: of no account
    w.contents(GuestAddr(0x30080), now);  // written meanwhile, by write(2)
  });
  assert_int_equal(seen.latest[0], 'p');
  assert_int_equal(seen.latest[1], '\0');
  assert_int_equal(seen.latest[64], '\0');  // gone meanwhile
  assert_string_equal(seen.latest.c_str() + 128, "now");
}

UNIT_TEST(a_store_across_two_lines_may_be_torn_between_them) {
  TraceBuilder trace;
  trace.thread(1).store(60, "abcdefgh");
  const auto images = images_of(trace.file());
  assert_int_equal(images.size(), 4);
}

UNIT_TEST(past_the_end_of_the_file_nothing_is_kept) {
  TraceBuilder trace(100);
  trace.thread(1).store(96, "abcd");
  for (const std::string& image : images_of(trace.file())) assert_int_equal(image.size(), 100);
}
