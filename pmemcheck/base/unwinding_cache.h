// unwinding_cache.h: remembers unwindings of the guest's stack and finds them again.
//
// An unwinding starts from three registers and reads words of the stack.  If the registers and the
// values of those words are the same, so is the stack.
//
//   hash of the start --> set --> kWays unwindings, replaced in turn
//
// Unwindings from one start share a set: one for each path by which the program reaches the same
// depth of the stack.
//
// Nothing here depends on how a stack is unwound: the caller adds the words that an unwinding read,
// and passes a function that reads a word.  See pmemcheck/valgrind/stacks/stacks.cpp.
//
// Floor 0.  Tested in tests/base/test_unwinding_cache.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/stack_id.h"

namespace pmemcheck {

// Where an unwinding starts.
struct UnwindingStart {
  std::uint64_t ip, sp, bp;
  std::uint32_t thread;
  std::uint32_t generation;  // of the unwind information; a new one makes a different start
  constexpr bool operator==(const UnwindingStart&) const = default;

  constexpr std::uint64_t hash() const {
    return (ip ^ sp << 20 ^ bp << 40 ^ std::uint64_t{thread} << 10 ^ generation) *
           0x9e3779b97f4a7c15u;
  }
};

struct Unwinding {
  static constexpr std::uint32_t kMaxWords = 40;
  struct Word {
    std::uint64_t address;
    std::uint64_t value;
    constexpr bool operator==(const Word&) const = default;
  };

  UnwindingStart start;
  std::uint64_t serial;  // unique among those that are remembered; 0: this one is not remembered
  StackId stack;
  std::uint32_t used;     // 0 .. kMaxWords
  Word words[kMaxWords];  // what it read, innermost frame first

  // Notes that the unwinding read `value` at `address`.  RETURNS: false if there is no room.
  bool add(std::uint64_t address, std::uint64_t value) {
    if (used == kMaxWords) return false;
    words[used++] = Word{address, value};
    return true;
  }
  // RETURNS: whether every word that it read still has its value.  read(address) returns a word.
  // Begins with the outermost frames, because stacks from one start mostly differ there: in the
  // line from which an outer function made its call.
  template <class Read>
  bool still_holds(Read read) const {
    PM_DCHECK(used <= kMaxWords);
    for (std::uint32_t i = used; i > 0; i--)
      if (read(words[i - 1].address) != words[i - 1].value) return false;
    return true;
  }
  // RETURNS: whether this still holds whenever `other` does, if their starts differ in IP alone.
  bool follows_from(const Unwinding& other) const {
    const auto is_in_other = [&](const Word& word) {
      return std::find(other.words, other.words + other.used, word) != other.words + other.used;
    };
    return serial != 0 && other.serial != 0 && std::all_of(words, words + used, is_in_other);
  }
};

// All-zero is an empty cache.
class UnwindingCache {
 public:
  static constexpr std::uint32_t kWays = 16;
  static constexpr std::uint32_t kSets = 512;

  // RETURNS: the unwinding that find() returned last from the set of `start`, if it starts there
  // and still holds, or null.  Runs for every store.
  template <class Read>
  [[gnu::always_inline]] const Unwinding* find_last(const UnwindingStart& start, Read read) const {
    const Set& set = sets_[set_of(start.hash())];
    const Unwinding& last = set.ways[set.found];
    return last.serial != 0 && last.start == start && last.still_holds(read) ? &last : nullptr;
  }

  // RETURNS: an unwinding from `start` that still holds, or null.  Valid until replace().
  template <class Read>
  const Unwinding* find(const UnwindingStart& start, Read read) {
    const std::uint64_t hash = start.hash();
    Set& set = sets_[set_of(hash)];
    for (std::uint32_t way = 0; way < kWays; way++) {
      const Unwinding& u = set.ways[way];
      if (set.tags[way] != tag_of(hash) || u.start != start || !u.still_holds(read)) continue;
      set.found = way;
      return &u;
    }
    return nullptr;
  }

  // RETURNS: an unwinding from `start` to be filled in: its stack, and the words that it read.  It
  // replaces the oldest of its set.  find() does not return it before remember().
  Unwinding& replace(const UnwindingStart& start) {
    Set& set = sets_[set_of(start.hash())];
    const std::uint32_t way = set.next;
    set.next = (set.next + 1) % kWays;
    set.tags[way] = 0;
    Unwinding& u = set.ways[way];
    u.start = start;
    u.serial = 0;
    u.used = 0;
    return u;
  }

  // `u` can be found from now on.  REQUIRES: replace() returned it last, and `u.words` are all that
  // its stack depends on.
  void remember(Unwinding& u) {
    const std::uint64_t hash = u.start.hash();
    Set& set = sets_[set_of(hash)];
    const std::uint32_t way = (set.next + kWays - 1) % kWays;
    PM_CHECK(&u == &set.ways[way] && u.serial == 0);
    u.serial = ++last_serial_;
    set.tags[way] = tag_of(hash);
  }

 private:
  struct Set {
    std::uint32_t tags[kWays];  // of the start's hash; 0: nothing is remembered
    std::uint32_t found;        // the way that was found last, 0 .. kWays - 1
    std::uint32_t next;         // the way to be replaced next, 0 .. kWays - 1
    Unwinding ways[kWays];
  };

  static constexpr std::uint64_t set_of(std::uint64_t hash) { return hash >> 55; }
  static_assert(kSets == 1u << (64 - 55));
  static constexpr std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 8) | 1;
  }

  Set sets_[kSets] = {};
  std::uint64_t last_serial_ = 0;
};

}  // namespace pmemcheck
