// text_log.h: writes the events of persistent memory as the text that pmreorder reads.
//
// A log is one line: START, records and STOP, separated by "|":
//
//   START|STORE;0x1000;0x2a;0x8|FLUSH;0x1000;0x40|FENCE|STOP
//
// Numbers are hexadecimal.  A STORE has at most eight bytes; larger stores are several records.
//
// Floor 2.  Tested in tests/log/test_text_log.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

// Text is buffered.  Call pause() before anything else is written to the same destination.
// REQUIRES: start() is called before any other verb except pause(), and again after stop().
class TextLog {
 public:
  explicit TextLog(Sink sink) : sink_(sink) {}

  void start();
  // `value` was stored at `begin`.  `frames` is appended to each of its records: empty, or ";" and
  // a description for each frame.
  void store(GuestAddr begin, std::span<const std::uint8_t> value, std::string_view frames);
  void flush(GuestRange range);
  void fence();
  void register_file(std::string_view path, GuestAddr base, std::uint64_t size,
                     std::uint64_t offset);
  void deep_sync(GuestRange range);
  // A record with a text that the program chose.
  void text(std::string_view text);
  void stop();

  // Ends the line.  The log continues in another one.
  void pause();

 private:
  // Most records are shorter than this.  If the buffer has less room, it is written out before the
  // next record begins, so that other output to the same destination does not split a record.
  static constexpr std::size_t kRoomForARecord = 4096;

  void begin_record(std::string_view name);
  void add(std::string_view text);
  void add(Hex number);
  void add_range(std::string_view record, GuestRange range);
  void write_out();

  Sink sink_;
  std::size_t used_ = 0;  // 0 .. sizeof buffer_
  bool is_started_ = false;
  bool in_line_ = false;  // whether the current line has any text
  char buffer_[16384];
};

}  // namespace pmemcheck
