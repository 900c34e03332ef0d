// trace_writer.h: a trace being written: see trace_format.h.
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

// Bytes gather in a buffer, and go to the sink when it is full, or flush() is called.
class TraceWriter {
 public:
  explicit TraceWriter(Sink sink) : sink_(sink) {}

  // The head of the file, and what holds for the whole run.  Call first.
  // REQUIRES: writer.size() < 256.
  void begin(std::string_view writer, Domain domain, FenceScope scope);

  void map(const TraceMapping& mapping);
  // What stands at `begin`, where that is not zero.
  void contents(GuestAddr begin, std::span<const std::uint8_t> data);
  void unmap(GuestRange range);
  void move(GuestRange from, GuestAddr to);
  // The words of a stack.  Call before the first record that names it.
  void stack(StackId stack, std::string_view words);
  void thread(ThreadNo thread);
  // `kind` is Store or NtStore.
  void store(RecordKind kind, GuestAddr begin, std::span<const std::uint8_t> data, StackId stack);
  // `kind` is WeakFlush or StrongFlush.
  void flush_of(RecordKind kind, GuestRange range, StackId stack);
  void fence(StackId stack);
  void persist(GuestRange range, StackId stack);
  void marker(std::string_view text);
  void name(GuestRange range, std::string_view text);
  void end();

  // Hands all that was gathered to the sink.
  void flush();

 private:
  // The numbers of a body, put together before its length can be told.
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
  // RETURNS: the distance of `range` from the last near one, which it is from now on.
  std::int64_t near(GuestRange range);
  void add(std::uint8_t byte);
  void add(std::span<const std::uint8_t> bytes);

  Sink sink_;
  GuestAddr near_ = {};
  std::size_t used_ = 0;  // 0 .. sizeof buffer_
  std::uint8_t buffer_[64 * 1024];
};

}  // namespace pmemcheck
