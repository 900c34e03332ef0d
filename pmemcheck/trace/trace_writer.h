// trace_writer.h: writes a trace: see trace_format.h.
//
// Floor 2.  Tested in tests/trace/test_trace_writer.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pmemcheck/base/sink.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck {

// Bytes are buffered, and written to the sink when the buffer is full and by flush().
// REQUIRES: begin() is called before any other verb.
class TraceWriter {
 public:
  explicit TraceWriter(Sink sink) : sink_(sink) {}

  // Writes the head of a file, and the rules of the run.  A later call begins another file.
  // REQUIRES: writer.size() < 256; everything before was flushed.
  void begin(std::string_view writer, Domain domain, FenceScope scope);

  void map(const TraceMapping& mapping);
  // The contents of the memory at `begin` when it was mapped.  Memory without a record contains
  // zeros.
  void contents(GuestAddr begin, std::span<const std::uint8_t> data);
  void unmap(GuestRange range);
  void move(GuestRange from, GuestAddr to);
  // The text of a stack.  REQUIRES: no earlier record refers to it.
  void stack(StackId stack, std::string_view text);
  void thread(ThreadNo thread);
  // REQUIRES: `kind` is Store or NtStore.
  void store(RecordKind kind, GuestAddr begin, std::span<const std::uint8_t> data, StackId stack);
  // REQUIRES: `kind` is WeakFlush or StrongFlush.
  void flush_of(RecordKind kind, GuestRange range, StackId stack);
  void fence(StackId stack);
  void persist(GuestRange range, StackId stack);
  void marker(std::string_view text);
  void name(GuestRange range, std::string_view text);
  void end();

  // Writes the buffer to the sink.
  void flush();

 private:
  // The numbers of a body, encoded here because its length comes first in the file.
  class Body {
   public:
    Body& number(std::uint64_t value);
    Body& signed_number(std::int64_t value);
    std::span<const std::uint8_t> bytes() const { return {bytes_, used_}; }

   private:
    static constexpr std::size_t kMostNumbers = 8;
    std::size_t used_ = 0;
    std::uint8_t bytes_[kMostNumbers * 10];
  };

  void record(RecordKind kind, const Body& body, std::span<const std::uint8_t> data = {});
  void record(RecordKind kind, const Body& body, std::string_view text);
  // RETURNS: the distance to `range` from the end of the previous range, which `range` then
  // replaces.
  std::int64_t near(GuestRange range);
  void add(std::uint8_t byte);
  void add(std::span<const std::uint8_t> bytes);

  Sink sink_;
  GuestAddr near_ = {};
  bool has_begun_ = false;
  std::size_t used_ = 0;  // 0 .. sizeof buffer_
  std::uint8_t buffer_[64 * 1024];
};

}  // namespace pmemcheck
