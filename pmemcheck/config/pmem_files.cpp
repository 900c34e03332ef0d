// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/config/pmem_files.h"

namespace pmemcheck {

namespace {

// A set of characters in brackets.
struct CharSet {
  std::string_view inside;  // what the brackets hold, without the "!"
  bool is_negated = false;
  std::size_t length = 0;  // including the brackets; 0: the closing one is missing

  // REQUIRES: `text` begins with "[".
  explicit CharSet(std::string_view text) {
    std::size_t begin = 1;
    is_negated = text.size() > 1 && text[1] == '!';
    if (is_negated) begin++;
    // A "]" in first position is one of the characters.
    for (std::size_t i = begin + 1; i < text.size(); i++)
      if (text[i] == ']') {
        inside = std::string_view(text.data() + begin, i - begin);
        length = i + 1;
        return;
      }
  }
  bool has(char c) const {
    bool found = false;
    for (std::size_t i = 0; i < inside.size(); i++) {
      const bool is_range = i + 2 < inside.size() && inside[i + 1] == '-';
      const char low = inside[i];
      if (is_range) i += 2;
      found = found || (low <= c && c <= inside[i]);
    }
    return found != is_negated;
  }
};

// RETURNS: the length of the first element of `pattern` if it matches `c`; otherwise 0.
// REQUIRES: `pattern` is not empty, and does not begin with "*".
std::size_t match_one(std::string_view pattern, char c) {
  switch (pattern[0]) {
  case '?': return 1;
  case '[': {
    const CharSet set(pattern);
    if (set.length == 0) break;
    return set.has(c) ? set.length : 0;
  }
  case '\\':
    if (pattern.size() == 1) break;
    return pattern[1] == c ? 2 : 0;
  default: break;
  }
  return pattern[0] == c ? 1 : 0;
}

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
  // What follows the last "*", and the text that it has not matched yet.  It is enough to backtrack
  // to the last "*".
  bool has_star = false;
  std::string_view after_star, not_matched;
  while (true) {
    if (!pattern.empty() && pattern[0] == '*') {
      pattern.remove_prefix(1);
      has_star = true;
      after_star = pattern;
      not_matched = text;
      continue;
    }
    if (text.empty() && pattern.empty()) return true;
    const std::size_t used = text.empty() || pattern.empty() ? 0 : match_one(pattern, text[0]);
    if (used != 0) {
      pattern.remove_prefix(used);
      text.remove_prefix(1);
      continue;
    }
    if (!has_star || not_matched.empty()) return false;
    not_matched.remove_prefix(1);
    pattern = after_star;
    text = not_matched;
  }
}

bool parse_pmem_files(std::string_view value, PmemFiles* files) {
  PmemFiles parsed;
  if (cut_suffix(value, "=eadr")) {
    parsed.has_domain = true;
    parsed.domain = Domain::eadr;
  } else if (cut_suffix(value, "=adr")) {
    parsed.has_domain = true;
    parsed.domain = Domain::adr;
  }
  if (value.empty() || (value[0] != '/' && value[0] != '*')) return false;
  parsed.pattern = value;
  *files = parsed;
  return true;
}

const PmemFiles* find_pmem_files(const Vector<PmemFiles>& all, std::string_view path) {
  for (std::size_t i = all.size(); i > 0; i--)
    if (matches(all[i - 1].pattern, path)) return &all[i - 1];
  return nullptr;
}

}  // namespace pmemcheck
