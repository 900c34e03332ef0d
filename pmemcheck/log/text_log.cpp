// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/log/text_log.h"

#include "pmemcheck/base/check.h"

namespace pmemcheck {

void TextLog::start() {
  PM_CHECK(!is_started_);
  is_started_ = true;
  add("START");
}

void TextLog::store(GuestAddr begin, std::span<const std::uint8_t> value, std::string_view frames) {
  constexpr std::size_t kMostBytes = 8;
  for (std::size_t done = 0; done < value.size(); done += kMostBytes) {
    const std::size_t bytes = value.size() - done < kMostBytes ? value.size() - done : kMostBytes;
    std::uint64_t number = 0;
    for (std::size_t i = bytes; i > 0; i--) number = number << 8 | value[done + i - 1];
    begin_record("STORE;");
    add(Hex{begin + done});
    add(";");
    add(Hex{number});
    add(";");
    add(Hex{bytes});
    add(frames);
  }
}

void TextLog::flush(GuestRange range) {
  add_range("FLUSH;", range);
}

void TextLog::fence() {
  begin_record("FENCE");
}

void TextLog::register_file(std::string_view path, GuestAddr base, std::uint64_t size,
                            std::uint64_t offset) {
  begin_record("REGISTER_FILE;");
  add(path);
  add(";");
  add(Hex{base});
  add(";");
  add(Hex{size});
  add(";");
  add(Hex{offset});
}

void TextLog::deep_sync(GuestRange range) {
  add_range("DEEP_SYNC;", range);
}

void TextLog::text(std::string_view text) {
  begin_record("");
  add(text);
}

void TextLog::stop() {
  begin_record("STOP");
  is_started_ = false;
  pause();
}

void TextLog::pause() {
  if (in_line_) add("\n");
  in_line_ = false;
  write_out();
}

void TextLog::begin_record(std::string_view name) {
  PM_CHECK(is_started_);
  if (used_ > sizeof buffer_ - kRoomForARecord) write_out();
  add("|");
  add(name);
}

void TextLog::add(std::string_view text) {
  for (const char c : text) {
    if (used_ == sizeof buffer_) write_out();
    buffer_[used_++] = c;
  }
  in_line_ = true;
}

void TextLog::add(Hex number) {
  char buffer[kNumberChars];
  add(to_text(number, buffer));
}

void TextLog::add_range(std::string_view record, GuestRange range) {
  begin_record(record);
  add(Hex{range.begin});
  add(";");
  add(Hex{range.size()});
}

void TextLog::write_out() {
  if (used_ != 0) sink_.write(std::string_view(buffer_, used_));
  used_ = 0;
}

}  // namespace pmemcheck
