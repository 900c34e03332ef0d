// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pmemcheck/explore/input/recording.h"
#include "tests/check_failure.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
namespace fs = std::filesystem;

namespace {

// Calls with(image, history, point) at the only point of a small trace, in the state that keeps
// everything.
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

// Does something that a checker might do, and asserts that it is noticed and undone.
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

UNIT_TEST(reading_an_image_does_not_count_as_touching_it) {
  at_a_point([](Image& image, History&, const Point& point) {
    assert_true(test::text_of(image.argument()) == expected());
    image.become(point, {0, 1});
    assert_true(test::text_of(image.argument())[0] == '\0');
    image.before_check();
    assert_true(test::text_of(image.argument())[5000] == 'b');
    assert_false(image.was_touched());
  });
}

UNIT_TEST(bytes_that_a_checker_wrote_are_put_back) {
  assert_repaired([](const std::string& path) {
    std::fstream(path, std::ios::in | std::ios::out) << "changed";
  });
}

UNIT_TEST(bytes_that_a_checker_wrote_through_a_mapping_are_put_back) {
  assert_repaired([](const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR);
    void* p = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    static_cast<char*>(p)[4096] = 'x';
    munmap(p, 8192);
  });
}

UNIT_TEST(a_file_that_a_checker_resized_removed_or_replaced_is_restored) {
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

UNIT_TEST(files_that_a_checker_added_are_removed) {
  assert_repaired([](const std::string& path) { std::ofstream(path + ".log") << "x"; });
  assert_repaired([](const std::string& path) { fs::create_directories(path + ".d/e/f"); });
}

UNIT_TEST(a_state_of_a_point_that_the_image_is_not_at_fails_a_check) {
  at_a_point([](Image& image, History& history, const Point& point) {
    Point other = point;
    other.number++;
    assert_check_fails(image.become(other, {0, 1}));
    assert_check_fails(image.move_to(history, other));  // before leave()
    assert_check_fails(image.become(point, {0, 1, 1}));
    assert_check_fails(image.become(point, {0, 2}));
    image.leave(point);
    assert_check_fails(image.become(point, {0, 1}));
    assert_check_fails(image.before_check());
    image.move_to(history, other);
    image.become(other, {1, 1});
    assert_true(test::text_of(image.argument()) == expected());
  });
}
