// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/mapped_file.h"

#include <utility>

#include "pmemcheck/explore/input/user_error.h"
#include "tests/explore/temporary_directory.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;

namespace {

std::string refusal(const std::string& path) {
  try {
    const MappedFile file(path);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

UNIT_TEST(a_mapped_file_shows_the_bytes_of_the_file) {
  const test::TemporaryDirectory d;
  MappedFile file(d.write("file", "text"));
  assert_true(file.text() == "text" && file.bytes().size() == 4 && file.bytes()[0] == 't');
  const MappedFile moved(std::move(file));
  assert_true(moved.text() == "text");
  assert_true(MappedFile(d.write("empty", "")).bytes().empty());
}

UNIT_TEST(a_file_that_cannot_be_mapped_is_refused_by_name) {
  assert_string_equal(refusal("/no/such/file").c_str(), "/no/such/file: No such file or directory");
  assert_string_equal(refusal("/tmp").c_str(), "/tmp: not a file that can be mapped");
}
