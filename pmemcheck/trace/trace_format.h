// trace_format.h: what a trace is made of: the head of the file, its records, and its numbers.
//
//   head    kTraceMagic; format version (4 bytes, little-endian); length of the next (1 byte); the
//           version of the pmemcheck that wrote it, in words
//   record  code (1 byte), length of its body (number), body
//   number  7 bits a byte, lowest first; the top bit says that more follow
//
// Records come in the order in which things happened.  What a record needs to be understood (the
// mapping, the words of a stack, the thread) comes before it, so a file that ends early can be read
// up to there.
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

// The version of the format.  One more whenever an older reader would misunderstand the file.
inline constexpr std::uint32_t kTraceFormat = 2;
inline constexpr std::string_view kTraceMagic = "pmemcheck trace\n";

enum class RecordKind : std::uint8_t {
#define PM_TRACE_RECORD(Id, code, fields) Id = code,
#include "pmemcheck/tables/trace_records.def"
#undef PM_TRACE_RECORD
};

// RETURNS: whether `code` is the code of a record.
constexpr bool is_log_record(std::uint8_t code) {
  switch (code) {
#define PM_TRACE_RECORD(Id, number, fields)                                                        \
  case number:                                                                                     \
    return true;
#include "pmemcheck/tables/trace_records.def"
#undef PM_TRACE_RECORD
  default: return false;  // bytes of a file, not an enumeration
  }
}

// Memory that is persistent from now on, and which file it is.
struct TraceMapping {
  GuestRange range;
  std::uint64_t file_offset = 0;  // in bytes, of the first byte of the range
  std::uint64_t file_bytes = 0;   // how long the file is; 0 where there is none
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  Domain domain = Domain::adr;
  std::string_view path;  // empty: memory that is no file's
};

// A record as it is read.  Which members say something depends on the kind:
//
//   Rules                    domain, fence_scope
//   Map                      mapping; nothing but zeros, but for the Contents that follow
//   Contents                 range, data
//   Unmap                    range: not persistent memory any more
//   Move                     range; it is at `to` now
//   Stack                    stack, text: a line a frame
//   Thread                   thread; of the records that follow
//   Store, NtStore           range, data, stack
//   WeakFlush, StrongFlush   range, stack
//   Fence                    stack
//   Persist                  range, stack: durable, by the kernel's or the program's word
//   Marker                   text: the program's own
//   Name                     range, text: what the program calls it; empty: nothing any more
//   End                      the run ended, and all of it is here
//
// `thread` is that of the last Thread record, whatever the kind.
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
