// line_map.h: a record for each cache line that was ever asked for, in two levels.
//
//   line number --> chunk of 64 lines (one 4 KiB page of the guest), found by hash
//               --> the line's record in it
//
// Neighbouring lines share a chunk, and the last chunk used is remembered, so that a run of stores
// through memory looks up the hash once a page.  Memory grows with the pages touched.
//
// Floor 0.  Tested in tests/base/test_line_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Record: all-zero bytes are a valid, empty record.  Records stay where they are until they are
// given back.
template <class Record>
class LineMap {
  static_assert(std::is_trivially_copyable_v<Record>, "records begin as zero bytes");

 public:
  constexpr LineMap() = default;
  LineMap(const LineMap&) = delete;
  LineMap& operator=(const LineMap&) = delete;
  ~LineMap() {
    chunks_.for_each([](std::uint64_t, Chunk* chunk) { free_chunk(chunk); });
  }

  // RETURNS: the line's record, or null where nothing of its page was ever made.
  Record* find(LineAddr line) {
    Chunk* chunk = find_chunk(key_of(line));
    return chunk != nullptr ? &chunk->records[index_of(line)] : nullptr;
  }

  // RETURNS: the line's record, made if need be.
  Record& get(LineAddr line) {
    Chunk* chunk = find_chunk(key_of(line));
    if (chunk == nullptr) chunk = add_chunk(key_of(line));
    return chunk->records[index_of(line)];
  }

  // How many lines there is room for.
  std::size_t capacity() const { return chunks_.size() * kLinesPerChunk; }

  // Gives back the memory of each chunk of which is_empty(record) holds for all records, after
  // forget(record) for each.  Costs the whole map.
  template <class IsEmpty, class Forget>
  void give_back(IsEmpty is_empty, Forget forget) {
    Vector<Chunk*> empty;
    chunks_.for_each([&](std::uint64_t, Chunk* chunk) {
      if (std::all_of(chunk->records, chunk->records + kLinesPerChunk, is_empty))
        empty.push_back(chunk);
    });
    for (Chunk* chunk : empty) {
      for (Record& record : chunk->records) forget(record);
      chunks_.erase(chunk->key);
      free_chunk(chunk);
    }
    last_ = nullptr;
  }

  // Calls visit(line, record) for each existing record whose line shares a byte with `range`,
  // lowest line first.  Costs the smaller of the range and the map.
  template <class Visit>
  void for_each_in(GuestRange range, Visit visit) {
    if (range.is_empty()) return;
    const LineAddr first = LineAddr::holding(range.begin);
    const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
    const auto visit_chunk = [&](Chunk& chunk) {
      const std::uint64_t base = chunk.key * kLinesPerChunk;
      const std::uint64_t low = std::max(first.number(), base);
      const std::uint64_t high = std::min(last.number(), base + kLinesPerChunk - 1);
      for (std::uint64_t n = low; n <= high; n++) visit(LineAddr(n), chunk.records[n - base]);
    };
    if (key_of(last) - key_of(first) < chunks_.size()) {
      for (std::uint64_t key = key_of(first); key <= key_of(last); key++)
        if (Chunk* chunk = find_chunk(key)) visit_chunk(*chunk);
      return;
    }
    Vector<Chunk*> chunks;
    chunks_.for_each([&](std::uint64_t key, Chunk* chunk) {
      if (key_of(first) <= key && key <= key_of(last)) chunks.push_back(chunk);
    });
    std::sort(chunks.begin(), chunks.end(),
              [](const Chunk* a, const Chunk* b) { return a->key < b->key; });
    for (Chunk* chunk : chunks) visit_chunk(*chunk);
  }

 private:
  static constexpr std::uint64_t kLinesPerChunk = 64;
  // Records that are as large as a cache line of the host's begin where one does.
  static constexpr std::size_t kAlignment = 64;
  struct alignas(kAlignment) Chunk {
    Record records[kLinesPerChunk];
    std::uint64_t key;
    void* memory;  // what the host gave, and gets back
  };

  static std::uint64_t key_of(LineAddr line) { return line.number() / kLinesPerChunk; }
  static std::uint64_t index_of(LineAddr line) { return line.number() % kLinesPerChunk; }

  Chunk* find_chunk(std::uint64_t key) {
    if (last_ != nullptr && last_key_ == key) return last_;
    Chunk** found = chunks_.find(key);
    return found != nullptr ? note_last(key, *found) : nullptr;
  }

  Chunk* note_last(std::uint64_t key, Chunk* chunk) {
    last_key_ = key;
    return last_ = chunk;
  }

  Chunk* add_chunk(std::uint64_t key) {
    void* memory = host_allocate(sizeof(Chunk) + kAlignment, "line map chunk");
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    auto* chunk = reinterpret_cast<Chunk*>((address + kAlignment - 1) & ~(kAlignment - 1));
    std::memset(static_cast<void*>(chunk), 0, sizeof(Chunk));
    chunk->key = key;
    chunk->memory = memory;
    chunks_.get(key) = chunk;
    return note_last(key, chunk);
  }

  static void free_chunk(Chunk* chunk) { host_free(chunk->memory); }

  HashMap<Chunk*> chunks_;  // by key
  // The chunk found last, or null, and its key: looking at the chunk itself may miss the cache.
  Chunk* last_ = nullptr;
  std::uint64_t last_key_ = 0;
};

}  // namespace pmemcheck
