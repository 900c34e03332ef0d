// trace_format.h: the format of a trace: the head of the file, its records, and its numbers.
//
//   head    kTraceMagic; format version (4 bytes, little-endian); length of the next field
//           (1 byte); the version of the pmemcheck that wrote the file, as text
//   record  code (1 byte), length of its body (number), body
//   number  7 bits in each byte, lowest first; the top bit is set if another byte follows
//
// Records are in the order of the events.  What a record refers to (its mapping, stack, thread)
// comes before it, so a truncated file can be read up to its end.
//
// Floor 2.  Tested in tests/trace/test_trace_writer.cpp and test_trace_reader.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

// The version of the format.  Increment it whenever an older reader would misunderstand the file.
inline constexpr std::uint32_t kTraceFormat = 2;
inline constexpr std::string_view kTraceMagic = "pmemcheck trace\n";

enum class RecordKind : std::uint8_t {
#define PM_TRACE_RECORD(Id, code, fields) Id = code,
#include "pmemcheck/tables/trace_records.def"
#undef PM_TRACE_RECORD
};

// RETURNS: whether `code` is the code of a record.
constexpr bool is_trace_record(std::uint8_t code) {
  switch (code) {
#define PM_TRACE_RECORD(Id, number, fields)                                                        \
  case number:                                                                                     \
    return true;
#include "pmemcheck/tables/trace_records.def"
#undef PM_TRACE_RECORD
  default: return false;  // `code` is a byte of a file, not an enumerator
  }
}

// Memory that is persistent from now on, and the file that it maps.
struct TraceMapping {
  GuestRange range;
  std::uint64_t file_offset = 0;  // in bytes, of the first byte of the range
  std::uint64_t file_bytes = 0;   // the size of the file; 0 if there is none
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  Domain domain = Domain::adr;
  std::string_view path;  // empty: no file
};

// A record as it is read.  The members that have a meaning depend on the kind:
//
//   Rules                    domain, fence_scope
//   Map                      mapping; it contains zeros except for the Contents that follow
//   Contents                 range, data
//   Unmap                    range: not persistent memory any more
//   Move                     range: it is at `to` now
//   Stack                    stack, text: one line for each frame
//   Thread                   thread: of the records that follow
//   Store, NtStore           range, data, stack
//   WeakFlush, StrongFlush   range, stack
//   Fence                    stack
//   Persist                  range, stack: durable after msync or a similar call, or set clean
//   Marker                   text: chosen by the program
//   Name                     range, text: the name that the program gave it; empty: none any more
//   End                      the run ended, and the trace is complete
//
// `thread` is always that of the last Thread record.
struct TraceRecord {
  RecordKind kind = RecordKind::End;
  ThreadNo thread = ThreadNo::None;
  StackId stack = StackId::None;
  GuestRange range = {};
  GuestAddr to = {};
  Domain domain = Domain::adr;
  FenceScope fence_scope = FenceScope::thread;
  TraceMapping mapping = {};
  std::span<const std::uint8_t> data = {};
  std::string_view text = {};
};

}  // namespace pmemcheck
