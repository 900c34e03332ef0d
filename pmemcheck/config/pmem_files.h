// pmem_files.h: which files the user calls persistent memory.
//
// A pattern is matched against the whole absolute path of a file:
//   *      any characters, "/" among them: /mnt/pmem/* is all that lies below /mnt/pmem
//   ?      any one character
//   [a-z]  one of these characters; [!a-z] one that is none of these
//   \      before any of these: the character itself
//
// Floor 1.  Tested in tests/config/test_pmem_files.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// RETURNS: whether `pattern` matches `text`, all of it.  An unclosed [ stands for itself.
bool matches(std::string_view pattern, std::string_view text);

// Files that are persistent memory.
struct PmemFiles {
  std::string_view pattern;
  bool has_domain = false;  // or their domain is that of the run
  Domain domain = Domain::adr;
};

// Takes a value of --pmem-file apart: GLOB, GLOB=adr or GLOB=eadr.
// RETURNS: whether GLOB can match an absolute path: whether it begins with / or *.
bool parse_pmem_files(std::string_view value, PmemFiles* files);

// RETURNS: which of `all` the path belongs to, the last where there are several; null for none.
const PmemFiles* find_pmem_files(const Vector<PmemFiles>& all, std::string_view path);

}  // namespace pmemcheck
