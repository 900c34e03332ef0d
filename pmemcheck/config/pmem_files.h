// pmem_files.h: the files that --pmem-file makes persistent memory.
//
// A pattern is matched against the whole absolute path of a file:
//   *      any characters, including "/": /mnt/pmem/* matches everything below /mnt/pmem
//   ?      any one character
//   [a-z]  one of these characters; [!a-z] any character except these
//   \      takes away the special meaning of the next character
//
// Floor 1.  Tested in tests/config/test_pmem_files.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// RETURNS: whether `pattern` matches the whole of `text`.  An unclosed [ matches itself.
bool matches(std::string_view pattern, std::string_view text);

// One --pmem-file.
struct PmemFiles {
  std::string_view pattern;
  bool has_domain = false;      // if not, the files have the domain of the run
  Domain domain = Domain::adr;  // only if has_domain
};

// Parses the value of a --pmem-file: GLOB, GLOB=adr or GLOB=eadr.
// RETURNS: whether GLOB can match an absolute path, that is, begins with / or *; if not, `files` is
// unchanged.
bool parse_pmem_files(std::string_view value, PmemFiles* files);

// RETURNS: the last of `all` whose pattern matches the path, or null.
const PmemFiles* find_pmem_files(const Vector<PmemFiles>& all, std::string_view path);

}  // namespace pmemcheck
