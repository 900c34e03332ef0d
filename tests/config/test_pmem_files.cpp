// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/pmem_files.h"

#include <fnmatch.h>

#include <string>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_star_in_a_pattern_matches_slashes_too) {
  assert_true(matches("/mnt/pmem/*", "/mnt/pmem/a/b/pool"));
  assert_true(matches("*.pool", "/mnt/pmem/x.pool"));
  assert_true(matches("*", ""));
  assert_false(matches("/mnt/pmem/*", "/mnt/pmem"));
  assert_false(matches("*.pool", "/mnt/x.pool2"));
}

UNIT_TEST(a_pattern_may_have_sets_ranges_and_quoted_characters) {
  assert_true(matches("/dev/dax[0-9].[!a-z]", "/dev/dax3.0"));
  assert_false(matches("/dev/dax[0-9].[!a-z]", "/dev/dax3.a"));
  assert_true(matches("/a[]b]c", "/a]c"));
  assert_true(matches("/a[b", "/a[b"));
  assert_true(matches("/a\\*", "/a*"));
  assert_false(matches("/a\\*", "/ab"));
  assert_true(matches("/a[a-]", "/a-"));
}

// The C library's own matcher is the oracle.
UNIT_TEST(random_patterns_match_what_fnmatch_matches) {
  int matched = 0;
  for (std::uint64_t seed = 0; seed < 200'000; seed++) {
    test::Random random(seed);
    const auto word = [&](const char* letters, std::uint64_t count, std::uint64_t most) {
      std::string made;
      for (std::uint64_t i = random.below(most); i > 0; i--) made += letters[random.below(count)];
      return made;
    };
    const std::string pattern = word("aab/*?[]!-\\", 11, 8);
    const std::string text = word("aab/]-", 6, 6);
    // Skip what POSIX leaves undefined: a backslash at the end of a pattern or in a set, and a set
    // that begins with "-".
    if (pattern.find('\\') != pattern.npos && pattern.find('[') != pattern.npos) continue;
    if (pattern.ends_with('\\') || pattern.find("[-") != pattern.npos) continue;
    if (pattern.find("[!-") != pattern.npos || pattern.find("--") != pattern.npos) continue;
    const bool wanted = fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
    matched += wanted;
    if (matches(pattern, text) != wanted)
      fail_msg("pattern \"%s\", text \"%s\": want %d", pattern.c_str(), text.c_str(), wanted);
  }
  assert_true(matched > 1000);
}

UNIT_TEST(a_value_of_pmem_file_is_a_pattern_and_optionally_a_domain) {
  PmemFiles files;
  assert_true(parse_pmem_files("/mnt/*", &files));
  assert_false(files.has_domain);
  assert_true(files.pattern == "/mnt/*");
  assert_true(parse_pmem_files("/mnt/cxl=1/*=eadr", &files));
  assert_true(files.has_domain && files.domain == Domain::eadr);
  assert_true(files.pattern == "/mnt/cxl=1/*");
  assert_true(parse_pmem_files("*.pool=adr", &files));
  assert_true(files.has_domain && files.domain == Domain::adr);
  for (const char* bad : {"", "pool", "./pool", "=eadr"})
    assert_false(parse_pmem_files(bad, &files));
}

UNIT_TEST(a_path_belongs_to_the_last_pattern_that_matches_it) {
  Vector<PmemFiles> all;
  for (const char* value : {"/mnt/*", "/mnt/cxl/*=eadr", "/tmp/*"}) {
    PmemFiles files;
    assert_true(parse_pmem_files(value, &files));
    all.push_back(files);
  }
  assert_ptr_equal(find_pmem_files(all, "/mnt/pool"), &all[0]);
  assert_ptr_equal(find_pmem_files(all, "/mnt/cxl/pool"), &all[1]);
  assert_null(find_pmem_files(all, "/home/pool"));
}
