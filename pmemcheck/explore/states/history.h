// history.h: a run being told again: what is certainly in memory, what may be, and where that
// changes.
//
// What has been stored and is not yet certain is kept as atoms, line by line (part.h).  A flush
// that its thread has fenced makes the atoms that it covers certain, with all that binds them:
//
//   CLWB, CLFLUSHOPT   the ordinary stores to the line before it, whoever made them, once the
//                      thread that flushed has fenced
//   CLFLUSH            all of the line, at once
//   a fence            also the thread's own non-temporal stores
//   a flush by the program's word (DO_FLUSH)  the same, of just the bytes that it names
//   msync, SET_CLEAN   all that was stored to the range
//   a store with eADR  itself: caches survive
//
// Between two of these events the set of images that a power failure may leave only grows.  So it
// is enough to look just before each event that makes something certain, and at the end: these are
// the failure points.
//
// What is certain and what may be belongs to files, not to addresses: mappings come and go, and a
// file may be mapped twice.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_history.cpp and, by an oracle, in
// test_point.cpp. SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "pmemcheck/base/types.h"
#include "pmemcheck/explore/states/contents.h"
#include "pmemcheck/explore/input/files.h"
#include "pmemcheck/explore/states/part.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

class Recording;

// What makes something certain.
enum class BarrierKind { Fence, StrongFlush, Persist, EadrStore, End };

struct Barrier {
  BarrierKind kind = BarrierKind::End;
  StackId stack = StackId::None;
  ThreadNo thread = ThreadNo::None;
};

// The files of a recording, with what was in them when each byte was first mapped.
struct Survey {
  explicit Survey(const Recording& recording);

  struct Initial {
    Place place;
    std::span<const std::uint8_t> data;  // of the recording
  };
  Files files;
  std::vector<Initial> initial;
  std::uint64_t stores = 0;
  std::uint64_t stray_stores = 0;  // of them, to no mapping
};

class History {
 public:
  using AtPoint = std::function<void(const Barrier&)>;
  // REQUIRES: the survey outlives this, and is of the recording that is told.
  History(const Survey& survey, std::size_t max_versions);

  // One record more.  Calls at_point(barrier) first if it makes something certain.
  void tell(const TraceRecord& record, const AtPoint& at_point);
  // The run has ended: a failure point.
  void end(const AtPoint& at_point) { at_point(Barrier{}); }

  const Files& files() const { return files_; }
  // What is certain of a file.
  const Contents& certain(FileNo file) const { return certain_[file]; }
  // What the run itself sees is what every line's latest version has.
  // Calls visit(part) for each part of each line that has more than one version, in order of files
  // and lines.  The part lives until the next record is told.
  void for_each_part(const std::function<void(const Part&)>& visit);
  // The sum over all that has become certain since the start.
  ContentHash hash() const { return hash_; }
  // Which chunks have become certain since this was called last, each once at least; or nothing,
  // where too much has changed to be listed.
  std::optional<std::vector<std::pair<FileNo, std::uint64_t>>> take_changes();
  // RETURNS: what the program calls the ranges that share a byte with these, lowest first.
  std::vector<std::string_view> names_of(Place place, std::uint64_t bytes) const;
  // How many stores have been told.
  std::uint64_t stores() const { return store_number_; }

 private:
  struct Line {
    std::vector<Atom> atoms;
    std::vector<Part> parts;
    bool has_parts = false;  // and they are those of the atoms
  };
  using Lines = std::map<FileLine, Line>;
  // A flush that waits for a fence: of the line's atoms up to that store, those in the mask.
  struct Flushed {
    FileLine line;
    std::uint64_t last_store;
    ByteMask bytes;
  };
  struct Thread {
    std::vector<Flushed> flushed;
    std::set<FileLine> nt_lines;
  };
  // Which atoms of a line become certain.
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
  // Calls visit(line, bytes of it) for each line of a file that a part of `range` shows.
  void for_each_line(GuestRange range,
                     const std::function<void(FileLine, ByteMask, GuestAddr, Domain)>& visit) const;
  // RETURNS: whether any atom of the line is chosen.
  bool any(FileLine line, const Chooses& chooses) const;
  void make_certain(FileLine line, const Chooses& chooses);
  void write_certain(FileNo file, std::uint64_t chunk, std::uint64_t value);
  Thread& drained(ThreadNo thread);

  const Survey& survey_;
  std::size_t max_versions_;
  Files files_;
  AddressMap addresses_;
  std::vector<Contents> certain_;
  RangeMap<bool> mapped_before_;      // by file number and offset, packed
  RangeMap<std::string_view> names_;  // so too
  Lines lines_;
  std::map<ThreadNo, Thread> threads_;
  FenceScope fence_scope_ = FenceScope::thread;
  std::uint64_t store_number_ = 0;
  ContentHash hash_;
  std::size_t erased_lines_ = 0;  // since memory was given back
  std::vector<std::pair<FileNo, std::uint64_t>> changes_;
  bool too_many_changes_ = false;
};

}  // namespace pmemcheck::explore
