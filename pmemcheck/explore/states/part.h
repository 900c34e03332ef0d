// part.h: what a power failure may leave of the stores to one cache line.
//
// A line's stores are cut into chunks of 8 aligned bytes, which no processor tears (Intel SDM vol.
// 3A, 9.1.1).  An order determines which chunks can have reached memory:
//
//   - Ordinary stores go to the line in the cache, and the line is written back as it is then.  So
//   a
//     prefix of them is kept, in the order in which they were made.  The chunks of one store count
//     as stores one after the other, lowest first.
//   - Non-temporal chunks leave their write-combining buffers at any time: any of them may be kept
//     (vol. 1, 10.4.6.2).
//   - Stores to the same chunk keep their order: a later one is not kept without the earlier one.
//     Nothing else orders a non-temporal and an ordinary store.
//
// Chunks that no order binds to others form parts of their own, each of which can be chosen
// independently.  A line of ordinary stores is one part; a line of non-temporal ones has a part for
// each chunk.
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

// The bytes of one chunk that one store wrote.
// INVARIANT: chunk < kChunksInLine; value has no bit outside of mask.
struct Atom {
  StoreKind kind = StoreKind::Ordinary;
  std::uint8_t chunk = 0;    // 0 .. kChunksInLine - 1
  std::uint64_t value = 0;   // little-endian
  std::uint64_t mask = 0;    // of the bits that were stored
  std::uint64_t number = 0;  // of the store, in the order of the run; the same for all its chunks
  ThreadNo thread = ThreadNo::None;
  StackId stack = StackId::None;
  // 1 + the number of the last store before the first flush that covers this; 0 without a flush.
  std::uint64_t flushed_at = 0;

  std::uint64_t over(std::uint64_t before) const { return (before & ~mask) | value; }
  bool is_valid() const { return chunk < kChunksInLine && (value & ~mask) == 0; }
};

// RETURNS: whether `later` is kept only together with `earlier`, another atom of the same line.
bool binds(const Atom& earlier, const Atom& later);

// A hash of the contents of an image, in 128 bits: the sum over its chunks.
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
// RETURNS: what a chunk of a file adds to the hash.  `chunk` is its offset divided by kChunkBytes.
ContentHash hash_of_chunk(std::uint32_t file, std::uint64_t chunk, std::uint64_t value);

// Chunks of one line that can only be chosen together.
// INVARIANT: is_valid().
class Part {
 public:
  // One of the contents that the part may have.
  struct Version {
    std::vector<std::uint64_t> values;  // of its chunks, in order
    std::vector<bool> kept;             // by atom
    ContentHash change;                 // of the image's hash, from version 0 to this
  };

  FileLine line;
  std::vector<std::uint8_t> chunks;  // of the line, lowest first, each once
  std::vector<Atom> atoms;           // in the order of the run
  std::vector<std::uint64_t> base;   // by chunk: its contents if nothing is kept
  std::vector<Version> versions;     // all different; the first one keeps nothing
  std::uint32_t latest = 0;          // the version that keeps everything
  bool is_complete = true;           // false if there were too many versions to list

  std::uint32_t levels() const { return static_cast<std::uint32_t>(versions.size()); }
  // RETURNS: the contents of the chunks if these atoms are kept.  REQUIRES: kept is by atom.
  std::vector<std::uint64_t> contents(const std::vector<bool>& kept) const;
  // RETURNS: the index in `chunks` of a chunk of the line.  REQUIRES: it is there.
  std::size_t index_of(std::uint8_t chunk) const;
  // RETURNS: the version with the contents that these atoms give; nothing if it was left out.
  std::optional<std::uint32_t> version_of(const std::vector<bool>& kept) const;
  // RETURNS: version_of() the atoms of all stores up to the one with number `last`.
  std::optional<std::uint32_t> version_up_to(std::uint64_t last) const;
  bool is_valid() const;
};

// RETURNS: the parts of a line that has these atoms, in the order of the run, over the contents
// `base`; those with one version only are left out.  No part has more than max_versions + 1.
// REQUIRES: max_versions >= 2; the atoms are valid and in the order of the run.
std::vector<Part> parts_of(FileLine line, const std::vector<Atom>& atoms,
                           const std::uint64_t (&base)[kChunksInLine], std::size_t max_versions);

}  // namespace pmemcheck::explore
