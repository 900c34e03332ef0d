// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/trace/trace_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include "pmemcheck/trace/trace_writer.h"
#include "tests/random.h"
#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A trace with each kind of record.
std::string example() {
  const Bytes data = {1, 2, 3, 4, 5, 6, 7, 8};
  Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::eadr, FenceScope::process);
  w.map({.range = GuestRange::of(GuestAddr(0x7f0000001000), 8192),
         .file_offset = 4096,
         .file_bytes = 1 << 20,
         .device = 7,
         .inode = ~std::uint64_t{0},
         .domain = Domain::eadr,
         .path = "/tmp/pool"});
  w.contents(GuestAddr(0x7f0000001000), data);
  w.thread(ThreadNo{2});
  w.stack(StackId{5}, "   at 0x1: f (a.c:1)\n");
  w.store(RecordKind::Store, GuestAddr(0x7f0000001008), data, StackId{5});
  w.store(RecordKind::NtStore, GuestAddr(0x7f0000001000), data, StackId{5});
  w.flush_of(RecordKind::WeakFlush, GuestRange::of(GuestAddr(0x7f0000001000), 64), StackId{5});
  w.flush_of(RecordKind::StrongFlush, GuestRange::of(GuestAddr(0x7f0000001040), 64), StackId{5});
  w.fence(StackId{5});
  w.persist(GuestRange::of(GuestAddr(0x7f0000001000), 100), StackId{0});
  w.marker("begin");
  w.move(GuestRange::of(GuestAddr(0x7f0000001000), 4096), GuestAddr(0x10));
  w.unmap(GuestRange::of(GuestAddr(0x10), 4096));
  w.name(GuestRange::of(GuestAddr(0x30), 8), "head");
  w.end();
  return text.str();
}
constexpr std::size_t kRecords = 16;

struct Reading {
  std::vector<TraceRecord> records;
  std::vector<std::uint64_t> ends;  // of each record, in the file
  TraceRead last;
};

Reading read_all(const std::string& file) {
  Reading reading;
  TraceReader reader(bytes_of(file));
  assert_true(reader.open() == TraceHead::Good);
  TraceRecord record;
  while ((reading.last = reader.next(record)) == TraceRead::Record) {
    reading.records.push_back(record);
    reading.ends.push_back(reader.offset());
  }
  return reading;
}

TraceHead head_of(const std::string& file) {
  return TraceReader(bytes_of(file)).open();
}

}  // namespace

UNIT_TEST(every_record_that_is_written_to_a_trace_is_read_back) {
  const std::string file = example();
  const auto [records, ends, last] = read_all(file);
  assert_true(last == TraceRead::End);
  assert_int_equal(records.size(), kRecords);
  assert_true(records[0].kind == RecordKind::Rules && records[0].domain == Domain::eadr &&
              records[0].fence_scope == FenceScope::process);
  const TraceMapping& m = records[1].mapping;
  assert_true(m.range == GuestRange::of(GuestAddr(0x7f0000001000), 8192) && m.file_offset == 4096 &&
              m.file_bytes == 1 << 20 && m.device == 7 && m.inode == ~std::uint64_t{0} &&
              m.domain == Domain::eadr && m.path == "/tmp/pool");
  assert_int_equal(records[2].data.size(), 8);
  assert_true(records[4].text == "   at 0x1: f (a.c:1)\n" && records[4].stack == StackId{5});
  const TraceRecord& store = records[5];
  assert_true(store.kind == RecordKind::Store && store.thread == ThreadNo{2} &&
              store.range == GuestRange::of(GuestAddr(0x7f0000001008), 8) && store.data[7] == 8 &&
              store.stack == StackId{5});
  assert_true(records[6].kind == RecordKind::NtStore &&
              records[6].range.begin == GuestAddr(0x7f0000001000));
  assert_true(records[7].kind == RecordKind::WeakFlush && records[7].range.size() == 64);
  assert_true(records[8].kind == RecordKind::StrongFlush &&
              records[8].range.begin == GuestAddr(0x7f0000001040));
  assert_true(records[9].kind == RecordKind::Fence && records[9].stack == StackId{5});
  assert_true(records[10].kind == RecordKind::Persist && records[10].range.size() == 100);
  assert_true(records[11].kind == RecordKind::Marker && records[11].text == "begin");
  assert_true(records[12].kind == RecordKind::Move && records[12].to == GuestAddr(0x10));
  assert_true(records[13].kind == RecordKind::Unmap);
  assert_true(records[14].kind == RecordKind::Name && records[14].text == "head" &&
              records[14].range == GuestRange::of(GuestAddr(0x30), 8));
  assert_true(records[15].kind == RecordKind::End);
}

UNIT_TEST(a_truncated_trace_is_read_up_to_its_last_whole_record) {
  const std::string file = example();
  const std::vector<std::uint64_t> ends = read_all(file).ends;
  const std::uint64_t head = ends[0] - 4;
  for (std::size_t size = 0; size < file.size(); size++) {
    const std::string cut = file.substr(0, size);
    if (size < head) {
      assert_true(head_of(cut) == TraceHead::Cut);
      continue;
    }
    const auto [records, offsets, last] = read_all(cut);
    const auto whole = static_cast<std::size_t>(
        std::count_if(ends.begin(), ends.end(), [&](std::uint64_t end) { return end <= size; }));
    assert_int_equal(records.size(), whole);
    const bool is_between = size == head || (whole > 0 && ends[whole - 1] == size);
    assert_true(last == (is_between ? TraceRead::End : TraceRead::Cut));
  }
}

UNIT_TEST(a_file_without_the_magic_is_not_a_trace) {
  assert_true(head_of("") == TraceHead::Cut);
  assert_true(head_of("pmem") == TraceHead::Cut);
  assert_true(head_of("pmemo") == TraceHead::Foreign);
  assert_true(head_of("\x7f"
                      "ELF and so on, and so on, and so on") == TraceHead::Foreign);
  assert_true(head_of("==1== START|FENCE|STOP\n") == TraceHead::Foreign);
}

UNIT_TEST(a_trace_in_a_newer_format_gives_its_version_and_writer) {
  std::string file = example();
  file[16] = 9;
  TraceReader reader(bytes_of(file));
  assert_true(reader.open() == TraceHead::Newer);
  assert_int_equal(reader.format(), 9);
  assert_true(reader.writer() == "1.0");
}

UNIT_TEST(bytes_that_are_not_a_record_are_reported_as_damage) {
  const std::string head = example().substr(0, 16 + 4 + 1 + 3);
  const auto last = [&](std::initializer_list<int> bytes) {
    std::string file = head;
    for (const int byte : bytes) file += static_cast<char>(byte);
    return read_all(file).last;
  };
  assert_true(last({}) == TraceRead::End);
  assert_true(last({0, 0}) == TraceRead::Damaged);        // no such code
  assert_true(last({99, 0}) == TraceRead::Damaged);       // no such code
  assert_true(last({1, 2, 2, 0}) == TraceRead::Damaged);  // no such domain
  assert_true(last({1, 2, 0, 2}) == TraceRead::Damaged);  // no such scope
  assert_true(last({4, 1, 0}) == TraceRead::Damaged);     // a number is missing
  assert_true(last({4, 1, 0x80}) == TraceRead::Damaged);  // a number does not end
  assert_true(last({6, 6, 255, 255, 255, 255, 127, 'x'}) == TraceRead::Damaged);  // no stack
  assert_true(last({4, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}) ==
              TraceRead::Damaged);  // longer than 2^64
  assert_true(last({4, 255, 255}) == TraceRead::Cut);
  assert_true(last({4, 100, 0}) == TraceRead::Cut);
}

UNIT_TEST(reading_random_bytes_as_a_trace_ends_without_a_crash) {
  test::Random random(7);
  const std::string good = example();
  for (int i = 0; i < 20000; i++) {
    std::string file = good;
    for (std::uint64_t n = random.below(4) + 1; n > 0; n--)
      file[24 + random.below(file.size() - 24)] = static_cast<char>(random.below(256));
    assert_true(read_all(file).last != TraceRead::Record);
  }
}

UNIT_TEST(trace_numbers_of_every_length_are_read_back) {
  for (unsigned bits = 0; bits <= 64; bits++) {
    const std::uint64_t value = bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits);
    Text text;
    TraceWriter w(text.sink());
    w.begin("1.0", Domain::adr, FenceScope::thread);
    w.map({.range = {}, .file_offset = value, .path = ""});
    w.flush_of(RecordKind::WeakFlush, {GuestAddr(value), GuestAddr(value)}, StackId{1});
    w.flush_of(RecordKind::WeakFlush, GuestRange::of(GuestAddr(0), 64), StackId{1});
    w.flush();
    const auto [records, ends, last] = read_all(text.str());
    assert_int_equal(records.size(), 4);
    assert_true(records[1].mapping.file_offset == value);
    assert_true(records[2].range.begin == GuestAddr(value));
    assert_true(records[3].range.begin == GuestAddr(0));
  }
}

UNIT_TEST(reading_a_trace_record_before_the_head_fails_the_check) {
  const std::uint8_t bytes[] = {15, 0};
  TraceReader reader(bytes);
  TraceRecord record;
  expect_assert_failure(static_cast<void>(reader.next(record)));
}
