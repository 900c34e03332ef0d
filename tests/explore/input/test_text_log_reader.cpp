// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/text_log_reader.h"

#include "pmemcheck/explore/input/recording.h"
#include "pmemcheck/explore/input/user_error.h"
#include "tests/explore/temporary_directory.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;

namespace {

constexpr const char* kLog =
    "==12== pmemcheck-1.0, a simple persistent store checker\n"
    "==12== \n"
    "==12== START|REGISTER_FILE;/mnt/pool;0x10000;0x80;0x40|STORE;0x10000;0x2a;0x8;0x1: f (a.c:1);"
    "0x2: main (a.c:2)\n"
    "==12== |begin|FLUSH;0x10000;0x40|FENCE|DEEP_SYNC;0x10000;0x40|STOP\n"
    "==12== \n"
    "==12== Number of stores not made persistent: 0\n";

std::string refusal(const std::string& text) {
  const test::TemporaryDirectory d;
  try {
    const Recording recording(d.write("log", text), {});
  } catch (const UserError& error) {
    return std::string(error.what()).substr(d.path().size() + 1);
  }
  return "";
}

}  // namespace

UNIT_TEST(a_text_log_is_read_as_records) {
  const test::TemporaryDirectory d;
  const std::string image = d.write("image", std::string(64, '-') + "old" + std::string(125, '\0'));
  const Recording recording(d.write("log", kLog), {{"/mnt/pool", image}});
  std::vector<TraceRecord> records;
  recording.for_each([&](const TraceRecord& record) {
    records.push_back(record);
    return true;
  });
  std::vector<RecordKind> kinds;
  for (const TraceRecord& record : records) kinds.push_back(record.kind);
  assert_true(kinds ==
              (std::vector<RecordKind>{RecordKind::Rules, RecordKind::Thread, RecordKind::Map,
                                       RecordKind::Contents, RecordKind::Stack, RecordKind::Store,
                                       RecordKind::Marker, RecordKind::WeakFlush, RecordKind::Fence,
                                       RecordKind::End}));
  assert_true(records[2].mapping.path == "/mnt/pool" && records[2].mapping.file_offset == 0x40);
  assert_int_equal(records[3].data[0], 'o');
  assert_true(records[5].range == GuestRange::of(GuestAddr(0x10000), 8) &&
              records[5].data[0] == 0x2a && records[5].thread == ThreadNo{1});
  assert_true(recording.stack_text(records[5].stack) ==
              "   at 0x1: f (a.c:1)\n   by 0x2: main (a.c:2)\n");
  assert_true(records[6].text == "begin");
  assert_true(recording.notices().empty());
}

UNIT_TEST(a_text_log_without_stop_and_image_gives_two_notices) {
  const test::TemporaryDirectory d;
  const Recording recording(
      d.write("log", "START|REGISTER_FILE;/mnt/pool;0x10000;0x80;0x0|FENCE\n"), {});
  assert_int_equal(recording.notices().size(), 2);
}

UNIT_TEST(a_malformed_text_log_is_refused_with_the_line) {
  assert_string_equal(refusal("START|STORE;0x1;0x2\n|STOP\n").c_str(),
                      "log:1: want STORE;address;value;size");
  assert_string_equal(refusal("\nSTART\n|STORE;1;0x2;0x1|STOP\n").c_str(),
                      "log:3: want a number that begins with 0x: 1");
  assert_string_equal(refusal("START|STORE;0x1;0xg;0x1|STOP\n").c_str(),
                      "log:1: want a hexadecimal number: 0xg");
  assert_string_equal(refusal("START|STORE;0x1;0x1;0x9|STOP\n").c_str(),
                      "log:1: want a store of 1 to 8 bytes");
}
