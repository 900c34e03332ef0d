// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/trace/trace_writer.h"

#include <string>
#include <vector>

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

using Bytes = std::vector<std::uint8_t>;

// The bytes that begin() writes for writer "1.0".
const std::string kHead =
    "pmemcheck trace\n" + std::string("\2\0\0\0", 4) + "\0031.0" + std::string("\1\2\0\0", 4);

// RETURNS: the bytes that `write` makes a TraceWriter write after the head.
template <class Write>
std::string written(Write write) {
  Text text;
  TraceWriter writer(text.sink());
  writer.begin("1.0", Domain::adr, FenceScope::thread);
  write(writer);
  writer.flush();
  assert_string_equal(text.str().substr(0, kHead.size()).c_str(), kHead.c_str());
  return text.str().substr(kHead.size());
}

void assert_bytes(const std::string& found, const Bytes& expected) {
  assert_int_equal(found.size(), expected.size());
  assert_memory_equal(found.data(), expected.data(), expected.size());
}

}  // namespace

UNIT_TEST(a_trace_begins_with_its_name_and_both_versions) {
  Text text;
  TraceWriter writer(text.sink());
  writer.begin("1.0", Domain::eadr, FenceScope::process);
  writer.flush();
  const std::string head =
      "pmemcheck trace\n" + std::string("\2\0\0\0", 4) + "\0031.0" + std::string("\1\2\1\1", 4);
  assert_int_equal(text.str().size(), head.size());
  assert_memory_equal(text.str().data(), head.data(), head.size());
}

UNIT_TEST(consecutive_stores_are_encoded_as_short_distances) {
  const Bytes value = {7, 8};
  const std::string found = written([&](TraceWriter& w) {
    w.store(RecordKind::Store, GuestAddr(0x10), value, StackId{3});
    w.store(RecordKind::NtStore, GuestAddr(0x12), value, StackId{3});
    w.store(RecordKind::Store, GuestAddr(0x10), value, StackId{300});
  });
  assert_bytes(found, {8, 4, 0x20, 3, 7, 8,  //
                       9, 4, 0, 3, 7, 8,     //
                       8, 5, 7, 0xac, 2, 7, 8});
}

UNIT_TEST(flush_and_fence_records_contain_their_stacks) {
  const std::string found = written([](TraceWriter& w) {
    w.thread(ThreadNo{2});
    w.flush_of(RecordKind::WeakFlush, GuestRange::of(GuestAddr(0x40), 64), StackId{1});
    w.flush_of(RecordKind::StrongFlush, GuestRange::of(GuestAddr(0x80), 64), StackId{1});
    w.fence(StackId{2});
    w.end();
  });
  assert_bytes(found, {7, 1, 2, 10, 4, 0x80, 1, 64, 1, 11, 3, 0, 64, 1, 12, 1, 2, 15, 0});
}

UNIT_TEST(a_record_longer_than_the_buffer_is_written_whole) {
  const Bytes data(200 * 1024, 0x5a);
  const std::string found = written([&](TraceWriter& w) { w.contents(GuestAddr(0), data); });
  assert_int_equal(found.size(), 1 + 3 + 1 + data.size());
  assert_memory_equal(found.data() + 5, data.data(), data.size());
}

UNIT_TEST(a_trace_record_before_the_head_fails_the_check) {
  Text text;
  TraceWriter writer(text.sink());
  expect_assert_failure(writer.fence(StackId{1}));
  expect_assert_failure(writer.end());
}

UNIT_TEST(a_trace_writer_begins_another_file_only_after_a_flush) {
  Text text;
  TraceWriter writer(text.sink());
  writer.begin("1.0", Domain::adr, FenceScope::thread);
  expect_assert_failure(writer.begin("1.0", Domain::adr, FenceScope::thread));
  writer.flush();
  const std::size_t bytes = text.str().size();
  writer.begin("1.0", Domain::adr, FenceScope::thread);
  writer.flush();
  assert_int_equal(text.str().size(), 2 * bytes);
}
