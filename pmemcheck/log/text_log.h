// text_log.h: what the program did to persistent memory, as the text that pmreorder reads.
//
// A log is one line, START and records apart by "|" and STOP:
//
//   START|STORE;0x1000;0x2a;0x8|FLUSH;0x1000;0x40|FENCE|STOP
//
// Numbers are hexadecimal; a STORE is at most eight bytes, so larger ones are several records.
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

// Text gathers in a buffer.  Call pause() before anything else is written where the log goes.
class TextLog {
 public:
  explicit TextLog(Sink sink) : sink_(sink) {}

  void start();
  // `value` was stored at `begin`; `frames` is what every record of it ends in: empty, or for each
  // frame ";" and its description.
  void store(GuestAddr begin, std::span<const std::uint8_t> value, std::string_view frames);
  void flush(GuestRange range);
  void fence();
  void register_file(std::string_view path, GuestAddr base, std::uint64_t size,
                     std::uint64_t offset);
  void deep_sync(GuestRange range);
  // A record that the program words itself.
  void text(std::string_view words);
  void stop();

  // Ends the line; the log goes on in another.
  void pause();

 private:
  // Most records are shorter than this.  Where there is less room than that the buffer is written
  // out between two records, so that what else is written there meanwhile does not break one.
  static constexpr std::size_t kRoomForARecord = 4096;

  void begin_record(std::string_view name);
  void add(std::string_view text);
  void add(Hex number);
  void add_range(std::string_view record, GuestRange range);
  void write_out();

  Sink sink_;
  std::size_t used_ = 0;  // 0 .. sizeof buffer_
  bool in_line_ = false;  // whether the current line holds anything
  char buffer_[16384];
};

}  // namespace pmemcheck
