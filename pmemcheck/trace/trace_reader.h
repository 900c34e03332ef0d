// trace_reader.h: reads a trace: see trace_format.h.
//
// Floor 2.  Tested in tests/trace/test_trace_reader.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck {

// What the head of a file shows.
enum class TraceHead {
  Good,
  Foreign,  // the file is not a trace
  Newer,    // its format is newer than this reader; see format() and writer()
  Cut,      // the file ends within its head
};

// The result of reading a record.
enum class TraceRead {
  Record,   // a record was read
  End,      // the file ends here, after a record
  Cut,      // the file ends within a record: the disk was full, or the run was killed
  Damaged,  // these bytes are not a record
};

class TraceReader {
 public:
  // REQUIRES: the bytes outlive the reader and the records.
  explicit TraceReader(std::span<const std::uint8_t> file) : file_(file) {}

  // Reads the head.  Call once, first.
  TraceHead open();
  // The version of the format, and of the pmemcheck that wrote the file.
  // REQUIRES: open() returned Good or Newer.
  std::uint32_t format() const { return format_; }
  std::string_view writer() const { return writer_; }

  // Reads the next record.  `record` has a meaning only if it returns Record.
  // REQUIRES: open() returned Good.
  TraceRead next(TraceRecord& record);
  // RETURNS: how many bytes have been read, which is where the next record begins.
  std::uint64_t offset() const { return at_; }
  std::uint64_t size() const { return file_.size(); }

 private:
  // The body of a record.  Reading beyond its end gives 0, and is_bad() from then on.
  class Body {
   public:
    explicit Body(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::uint64_t number();
    std::int64_t signed_number();
    GuestRange range();
    StackId stack();
    // RETURNS: what has not been read.
    std::span<const std::uint8_t> rest() const { return bytes_.subspan(at_); }
    std::string_view text() const;
    bool is_bad() const { return bad_; }
    void fail() { bad_ = true; }
    std::size_t read() const { return at_; }

   private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    bool bad_ = false;
  };

  static Domain domain_of(Body& body);
  static FenceScope fence_scope_of(Body& body);
  GuestRange near(std::int64_t distance, std::uint64_t bytes);
  void decode(Body& body, TraceRecord& record);

  std::span<const std::uint8_t> file_;
  std::uint64_t at_ = 0;
  std::uint32_t format_ = 0;
  std::string_view writer_;
  ThreadNo thread_ = ThreadNo::None;
  GuestAddr near_ = {};
};

}  // namespace pmemcheck
