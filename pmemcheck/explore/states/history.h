// history.h: replays a run: what is certain to be in memory, what may be, and when that changes.
//
// Stores that are not yet certain are kept as atoms, line by line (part.h).  An event makes atoms
// certain together with everything that binds them:
//
//   CLWB, CLFLUSHOPT     the ordinary stores made to the line before it, by any thread, once the
//                        thread that flushed has fenced
//   CLFLUSH              the whole line, at once
//   a fence              the thread's own non-temporal stores, besides what it flushed
//   DO_FLUSH             like CLWB, but only the bytes that the program names
//   msync, SET_CLEAN     all stores to the range
//   a store under eADR   itself, because caches survive
//
// Between two of these events the set of images that a power failure may leave only grows.  So it
// is enough to explore the moments just before each event that makes something certain, and the end
// of the run: these are the failure points.
//
// Certainty belongs to bytes of files, not to addresses, because mappings come and go and a file
// may be mapped twice.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_history.cpp and, by an oracle, in
// test_point.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/explore/input/files.h"
#include "pmemcheck/explore/input/survey.h"
#include "pmemcheck/explore/states/contents.h"
#include "pmemcheck/explore/states/part.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

// Why stores become certain just after a failure point.
enum class BarrierKind {
  Fence,
  StrongFlush,  // CLFLUSH
  Persist,      // msync and similar calls, SET_CLEAN
  EadrStore,    // a store under eADR, which is certain at once
  End,          // nothing becomes certain: the run ends there
};

// The event just after a failure point: it would have made pending stores certain.
struct Barrier {
  BarrierKind kind = BarrierKind::End;
  StackId stack = StackId::None;
  ThreadNo thread = ThreadNo::None;
};

class History {
 public:
  using AtPoint = std::function<void(const Barrier&)>;
  // A chunk of a file; its offset is a multiple of kChunkBytes.
  using FileChunk = std::pair<FileNo, std::uint64_t>;

  // Begins before the first record.
  // REQUIRES: the survey outlives this, and was made from the same recording; max_versions >= 2.
  History(const Survey& survey, std::size_t max_versions);

  // Replays one record.  Calls at_point(barrier) just before it makes something certain.
  // REQUIRES: records come in the order of the recording; their mappings are in the survey.
  void apply(const TraceRecord& record, const AtPoint& at_point);
  // Ends the run: the end is a failure point.
  void end(const AtPoint& at_point) { at_point(Barrier{}); }

  const Files& files() const { return files_; }
  // RETURNS: what is certain of a file.  REQUIRES: `file` is one of files().
  const Contents& certain(FileNo file) const {
    PM_CHECK(file < certain_.size());
    return certain_[file];
  }
  // Calls visit(part) for each part that has more than one version, in order of files and lines.
  // A part lives until the next record is applied.  Their latest versions together are what the
  // program itself sees.
  void for_each_part(const std::function<void(const Part&)>& visit);
  // RETURNS: by how much the hash of the certain contents has changed since the start.
  ContentHash hash() const { return hash_; }
  // RETURNS: the chunks that have become certain since the last call, each at least once; nothing
  // if there were too many to list.
  std::optional<std::vector<FileChunk>> take_changes();
  // RETURNS: the program's names of the ranges that share a byte with these, lowest first.
  // REQUIRES: the bytes lie within one of files().
  std::vector<std::string_view> names_of(FileLocation location, std::uint64_t bytes) const;
  // RETURNS: how many stores have been applied.
  std::uint64_t stores() const { return store_number_; }

 private:
  struct PendingLine {
    std::vector<Atom> atoms;  // in the order of the run; never empty between records
    std::vector<Part> parts;
    bool has_parts = false;  // whether `parts` are up to date with `atoms`
  };
  using PendingLines = std::map<FileLine, PendingLine>;
  // A flush that waits for a fence.  It covers the ordinary atoms of the line that were made up to
  // `last_store` and share a byte with `bytes`.
  struct Flushed {
    FileLine line;
    std::uint64_t last_store;
    ByteMask bytes;
  };
  // What the next fence of a thread makes certain.
  struct Thread {
    std::vector<Flushed> flushed;
    std::set<FileLine> nt_lines;
  };
  // Selects the atoms of a line that become certain.
  using Chooses = std::function<bool(const Atom&)>;

  void name(GuestRange range, std::string_view name);
  void map(const TraceMapping& mapping);
  void set_contents(const TraceRecord& record);
  void store(const TraceRecord& record, const AtPoint& at_point);
  void store_in_line(const TraceRecord& record, FileLine line, unsigned first, unsigned end,
                     const std::uint8_t* data, Domain domain, const AtPoint& at_point);
  void flush(const TraceRecord& record, const AtPoint& at_point);
  void fence(const TraceRecord& record, const AtPoint& at_point);
  void persist(const TraceRecord& record, const AtPoint& at_point);
  // Calls visit(line, bytes of it, address of the first, domain) for each line of a file that a
  // part of `range` shows.
  void for_each_line(GuestRange range,
                     const std::function<void(FileLine, ByteMask, GuestAddr, Domain)>& visit) const;
  // RETURNS: whether any atom of the line is chosen.
  bool any(FileLine line, const Chooses& chooses) const;
  void make_certain(FileLine line, const Chooses& chooses);
  void write_certain(FileNo file, std::uint64_t chunk, std::uint64_t value);
  // RETURNS: the thread whose fence drains what `thread` flushes: one for all in process scope.
  Thread& drained(ThreadNo thread);

  const Survey& survey_;
  std::size_t max_versions_;
  Files files_;
  AddressMap addresses_;
  std::vector<Contents> certain_;     // by FileNo
  RangeMap<bool> mapped_before_;      // by file_range()
  RangeMap<std::string_view> names_;  // by file_range()
  PendingLines lines_;
  std::map<ThreadNo, Thread> threads_;
  FenceScope fence_scope_ = FenceScope::thread;
  std::uint64_t store_number_ = 0;
  ContentHash hash_;
  std::size_t erased_lines_ = 0;  // since memory was given back to the system
  std::vector<FileChunk> changes_;
  bool too_many_changes_ = false;
};

}  // namespace pmemcheck::explore
