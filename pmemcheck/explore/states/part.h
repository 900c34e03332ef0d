// part.h: what a power failure may leave of the stores to one cache line.
//
// A line's stores are cut into chunks of 8 aligned bytes: no processor tears these (Intel SDM vol.
// 3A, 9.1.1).  Which chunks can have reached memory is an order:
//
//   - Ordinary stores go to the line in the cache, and the line goes to memory as it then is: what
//     is kept of them is a prefix, in the order in which they were made.  The chunks of one store
//     count as stores one after the other, lowest first.
//   - Non-temporal chunks leave by a write-combining buffer each when it likes: any of them may be
//     kept (vol. 1, 10.4.6.2).
//   - Chunks that were stored to twice keep their order: what came later is not kept without what
//     came before.  A non-temporal and an ordinary store to one chunk are ordered by that alone.
//
// Chunks that no order binds are parts of their own: each can be chosen whatever the others are.
// A line of ordinary stores is one part; a line of non-temporal ones as many as it has chunks.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_part.cpp, and by a brute-force oracle in
// tests/explore/states/test_point.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "pmemcheck/base/types.h"
#include "pmemcheck/model/machine.h"

namespace pmemcheck::explore {

// A cache line of a file.
struct FileLine {
  std::uint32_t file;
  std::uint64_t line;  // its offset in the file, divided by kLineBytes
  auto operator<=>(const FileLine&) const = default;
};

inline constexpr std::uint64_t kChunkBytes = 8;
inline constexpr unsigned kChunksInLine = kLineBytes / kChunkBytes;

// Some bytes of one chunk, stored at once.
struct Atom {
  StoreKind kind = StoreKind::Ordinary;
  std::uint8_t chunk = 0;    // 0 .. kChunksInLine - 1
  std::uint64_t value = 0;   // little-endian; 0 where the mask is
  std::uint64_t mask = 0;    // of the bits that were stored
  std::uint64_t number = 0;  // of the store, in the order of the run; the same for all its chunks
  ThreadNo thread = ThreadNo::None;
  StackId stack = StackId::None;
  // 1 + the number of the last store before the first flush that covers this; 0: there is none.
  std::uint64_t flushed_at = 0;

  std::uint64_t over(std::uint64_t before) const { return (before & ~mask) | value; }
};

// RETURNS: whether `later` is not kept without `earlier`, another atom of the same line.
bool binds(const Atom& earlier, const Atom& later);

// The contents of an image, in 128 bits: the sum over its chunks.
struct ContentHash {
  std::uint64_t low = 0, high = 0;
  ContentHash& operator+=(ContentHash o) {
    low += o.low;
    high += o.high;
    return *this;
  }
  ContentHash& operator-=(ContentHash o) {
    low -= o.low;
    high -= o.high;
    return *this;
  }
  auto operator<=>(const ContentHash&) const = default;
};
// RETURNS: what a chunk of the file contributes.  `chunk` is its offset divided by kChunkBytes.
ContentHash hash_of_chunk(std::uint32_t file, std::uint64_t chunk, std::uint64_t value);

class Part {
 public:
  // One of the contents that it may have.
  struct Version {
    std::vector<std::uint64_t> values;  // of its chunks, in order
    std::vector<bool> kept;             // of its atoms
    ContentHash change;                 // of the image, from version 0 to this
  };

  FileLine line;
  std::vector<std::uint8_t> chunks;  // of the line, lowest first
  std::vector<Atom> atoms;           // in the order of the run
  std::vector<std::uint64_t> base;   // what the chunks hold where nothing is kept
  std::vector<Version> versions;     // all different; the first one keeps nothing
  std::uint32_t latest = 0;          // the version that keeps everything
  bool is_complete = true;           // whether no version was left out, as there were too many

  std::uint32_t levels() const { return static_cast<std::uint32_t>(versions.size()); }
  // RETURNS: what the chunks hold where these atoms are kept.
  std::vector<std::uint64_t> contents(const std::vector<bool>& kept) const;
  // RETURNS: the index of a chunk of the line in `chunks`.
  std::size_t index_of(std::uint8_t chunk) const;
  // RETURNS: the version with what these atoms make, if it is one.
  std::optional<std::uint32_t> version_of(const std::vector<bool>& kept) const;
  // RETURNS: the version with the atoms of stores up to `last`, in the order of the run.
  std::optional<std::uint32_t> version_up_to(std::uint64_t last) const;
};

// RETURNS: the parts of a line with these atoms, in the order of the run, over `base`.
// No part has more than `max_versions` versions.  REQUIRES: max_versions >= 2.
std::vector<Part> parts_of(FileLine line, const std::vector<Atom>& atoms,
                           const std::uint64_t (&base)[kChunksInLine], std::size_t max_versions);

}  // namespace pmemcheck::explore
