// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/log/text_log.h"

#include <memory>
#include <string>
#include <vector>

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

UNIT_TEST(a_text_log_is_one_line_from_start_to_stop) {
  Text text;
  TextLog log(text.sink());
  log.start();
  log.flush(GuestRange::of(GuestAddr(0x1000), 64));
  log.fence();
  log.register_file("/tmp/pool", GuestAddr(0x4000), 0x100, 0x10);
  log.deep_sync(GuestRange::of(GuestAddr(0x1000), 10));
  log.text("libpmem.BEGIN");
  log.stop();
  assert_string_equal(text.c_str(),
                      "START|FLUSH;0x1000;0x40|FENCE|REGISTER_FILE;/tmp/pool;0x4000;0x100;0x10"
                      "|DEEP_SYNC;0x1000;0xa|libpmem.BEGIN|STOP\n");
}

UNIT_TEST(a_store_is_logged_in_records_of_eight_bytes_lowest_first) {
  Text text;
  TextLog log(text.sink());
  const std::vector<std::uint8_t> value = {1, 2, 3, 4, 5, 6, 7, 0x88, 9, 0xa};
  log.start();
  log.store(GuestAddr(0x20), value, ";f;main");
  log.pause();
  assert_string_equal(
      text.c_str(), "START|STORE;0x20;0x8807060504030201;0x8;f;main|STORE;0x28;0xa09;0x2;f;main\n");
}

UNIT_TEST(a_text_log_record_before_start_or_after_stop_fails_the_check) {
  Text text;
  TextLog log(text.sink());
  expect_assert_failure(log.fence());
  log.start();
  expect_assert_failure(log.start());
  log.stop();
  expect_assert_failure(log.stop());
  log.start();
  log.stop();
}

UNIT_TEST(a_paused_text_log_continues_on_another_line) {
  Text text;
  TextLog log(text.sink());
  log.start();
  log.pause();
  log.pause();
  log.fence();
  log.stop();
  assert_string_equal(text.c_str(), "START\n|FENCE|STOP\n");
}

UNIT_TEST(a_text_log_longer_than_its_buffer_is_written_whole) {
  Text text;
  TextLog log(text.sink());
  std::string expected = "START";
  log.start();
  for (int i = 0; i < 10000; i++) {
    log.fence();
    expected += "|FENCE";
  }
  log.stop();
  assert_string_equal(text.c_str(), (expected + "|STOP\n").c_str());
}
