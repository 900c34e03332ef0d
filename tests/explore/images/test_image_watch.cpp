// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/image_watch.h"

#include "tests/explore/temporary_directory.h"

using namespace pmemcheck;
using pmemcheck::explore::ImageWatch;
namespace fs = std::filesystem;

UNIT_TEST(a_watch_reports_each_change_of_a_directory_once) {
  const test::TemporaryDirectory d;
  const std::string path = d.write("file", "text");
  ImageWatch watch(d.path());
  assert_false(watch.has_changed());
  assert_true(test::text_of(path) == "text");  // reading changes nothing
  assert_false(watch.has_changed());
  d.write("file", "other");
  assert_true(watch.has_changed());
  assert_false(watch.has_changed());
  fs::remove(path);
  assert_true(watch.has_changed());
}

UNIT_TEST(a_restarted_watch_forgets_earlier_changes) {
  const test::TemporaryDirectory d;
  ImageWatch watch(d.path());
  d.write("file", "text");
  watch.restart();
  assert_false(watch.has_changed());
}

UNIT_TEST(a_restarted_watch_follows_a_directory_that_was_replaced) {
  const test::TemporaryDirectory d;
  const std::string path = d.make("image");
  ImageWatch watch(path);
  fs::rename(path, d.path() + "/old");
  d.make("image");
  watch.restart();
  d.write("image/file", "text");
  assert_true(watch.has_changed());
}
