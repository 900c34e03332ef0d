// trace_reader.h: a trace being read: see trace_format.h.
//
// Floor 2.  Tested in tests/trace/test_trace_reader.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck {

// What the head of a file says.
enum class TraceHead {
  Good,
  Foreign,  // no trace
  Newer,    // of a later format; format() and writer() say which and whose
  Cut,      // the file ends in its head
};

// What came of reading a record.
enum class TraceRead {
  Record,   // there is one
  End,      // the file ends, between two records
  Cut,      // the file ends within a record: a full disk, or a run that was killed
  Damaged,  // what stands there is no record
};

class TraceReader {
 public:
  // REQUIRES: the bytes outlive the reader and the records.
  explicit TraceReader(std::span<const std::uint8_t> file) : file_(file) {}

  // Reads the head.  Call once, first.
  TraceHead open();
  // The version of the format, and of the pmemcheck that wrote it.  REQUIRES: Good or Newer.
  std::uint32_t format() const { return format_; }
  std::string_view writer() const { return writer_; }

  // Reads the next record.  REQUIRES: the head is good.
  TraceRead next(TraceRecord& record);
  // How many bytes have been read: where the next record begins.
  std::uint64_t offset() const { return at_; }
  std::uint64_t size() const { return file_.size(); }

 private:
  // The body of a record.  Asked for more than there is, it gives 0 and is bad from then on.
  class Body {
   public:
    explicit Body(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::uint64_t number();
    std::int64_t signed_number();
    GuestRange range();
    StackId stack();
    // What has not been read.
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
