// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pmemcheck/explore/input/recording.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
namespace fs = std::filesystem;

namespace {

// Calls with(image, history, point) at the only point of a small trace, with everything kept.
template <class With>
void at_a_point(With with) {
  test::TraceBuilder trace(8192);
  trace.thread(1).store(0, "a").store(5000, "b");
  const test::TemporaryDirectory d;
  const Recording recording(d.write("trace", trace.file()), {});
  const Survey survey(recording);
  const Scope scope;
  Points points(recording, survey, scope);
  Image image(d.make("image"), points.history().files());
  points.for_each([&](const Point& point) {
    image.move_to(points.history(), point);
    image.become(point, {1, 1});
    image.before_check();
    with(image, points.history(), point);
    return true;
  });
}

std::string expected() {
  std::string text(8192, '\0');
  text[0] = 'a';
  text[5000] = 'b';
  return text;
}

// Lets a checker do something, and looks whether that was seen and put right.
template <class Do>
void assert_repaired(Do what) {
  at_a_point([&](Image& image, History& history, const Point& point) {
    const std::string path = image.argument();
    for (int i = 0; i < 2; i++) {
      image.before_check();
      what(path);
      assert_true(image.was_touched());
      image.repair(history, point);
      assert_true(test::text_of(path) == expected());
      std::size_t entries = 0;
      for ([[maybe_unused]] const auto& e : fs::directory_iterator(image.directory())) entries++;
      assert_int_equal(entries, 1);
      image.before_check();
      assert_false(image.was_touched());
      image.become(point, {0, 1});
      image.become(point, {1, 1});
      assert_true(test::text_of(path) == expected());
    }
  });
}

}  // namespace

UNIT_TEST(reading_an_image_is_no_touching) {
  at_a_point([](Image& image, History&, const Point& point) {
    assert_true(test::text_of(image.argument()) == expected());
    image.become(point, {0, 1});
    assert_true(test::text_of(image.argument())[0] == '\0');
    image.before_check();
    assert_true(test::text_of(image.argument())[5000] == 'b');
    assert_false(image.was_touched());
  });
}

UNIT_TEST(what_a_checker_writes_is_put_back) {
  assert_repaired([](const std::string& path) {
    std::fstream(path, std::ios::in | std::ios::out) << "changed";
  });
}

UNIT_TEST(what_it_writes_through_a_mapping_too) {
  assert_repaired([](const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR);
    void* p = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    static_cast<char*>(p)[4096] = 'x';
    munmap(p, 8192);
  });
}

UNIT_TEST(a_file_that_is_shorter_longer_gone_or_another_is_made_again) {
  assert_repaired([](const std::string& path) { fs::resize_file(path, 10); });
  assert_repaired([](const std::string& path) { fs::resize_file(path, 100000); });
  assert_repaired([](const std::string& path) { fs::remove(path); });
  assert_repaired([](const std::string& path) {
    fs::remove(path);
    std::ofstream(path) << std::string(8192, 'z');
  });
  assert_repaired([](const std::string& path) {
    fs::remove(path);
    fs::create_directory(path);
  });
}

UNIT_TEST(what_a_checker_adds_is_removed) {
  assert_repaired([](const std::string& path) { std::ofstream(path + ".log") << "x"; });
  assert_repaired([](const std::string& path) { fs::create_directories(path + ".d/e/f"); });
}
