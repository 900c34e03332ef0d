// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/log/log_writer.h"

#include <algorithm>
#include <cstring>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

LogWriter::Body& LogWriter::Body::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_[used_++] = static_cast<std::uint8_t>(value | 0x80);
  bytes_[used_++] = static_cast<std::uint8_t>(value);
  PM_DCHECK(used_ <= sizeof bytes_);
  return *this;
}

LogWriter::Body& LogWriter::Body::signed_number(std::int64_t value) {
  // The sign goes to the lowest bit, so that small distances are short either way.
  const auto bits = static_cast<std::uint64_t>(value);
  return number(value < 0 ? ~bits << 1 | 1 : bits << 1);
}

void LogWriter::begin(std::string_view writer, Domain domain, FenceScope scope) {
  PM_CHECK(writer.size() < 256);
  near_ = GuestAddr();
  add(bytes_of(kTraceMagic));
  for (unsigned shift = 0; shift < 32; shift += 8)
    add(static_cast<std::uint8_t>(kTraceFormat >> shift));
  add(static_cast<std::uint8_t>(writer.size()));
  add(bytes_of(writer));
  record(
      LogRecord::Rules,
      Body().number(static_cast<std::uint64_t>(domain)).number(static_cast<std::uint64_t>(scope)));
}

void LogWriter::map(const TraceMapping& m) {
  record(LogRecord::Map,
         Body()
             .number(m.range.begin.raw())
             .number(m.range.size())
             .number(m.file_offset)
             .number(m.file_bytes)
             .number(m.device)
             .number(m.inode)
             .number(static_cast<std::uint64_t>(m.domain)),
         m.path);
}

void LogWriter::contents(GuestAddr begin, std::span<const std::uint8_t> data) {
  record(LogRecord::Contents, Body().number(begin.raw()), data);
}

void LogWriter::unmap(GuestRange range) {
  record(LogRecord::Unmap, Body().number(range.begin.raw()).number(range.size()));
}

void LogWriter::move(GuestRange from, GuestAddr to) {
  record(LogRecord::Move, Body().number(from.begin.raw()).number(from.size()).number(to.raw()));
}

void LogWriter::stack(StackId stack, std::string_view words) {
  record(LogRecord::Stack, Body().number(static_cast<std::uint64_t>(stack)), words);
}

void LogWriter::thread(ThreadNo thread) {
  record(LogRecord::Thread, Body().number(static_cast<std::uint64_t>(thread)));
}

void LogWriter::store(LogRecord kind, GuestAddr begin, std::span<const std::uint8_t> data,
                      StackId stack) {
  PM_DCHECK(kind == LogRecord::Store || kind == LogRecord::NtStore);
  const std::int64_t distance = near(GuestRange::of(begin, data.size()));
  record(kind, Body().signed_number(distance).number(static_cast<std::uint64_t>(stack)), data);
}

void LogWriter::flush_of(LogRecord kind, GuestRange range, StackId stack) {
  PM_DCHECK(kind == LogRecord::WeakFlush || kind == LogRecord::StrongFlush);
  record(kind, Body()
                   .signed_number(near(range))
                   .number(range.size())
                   .number(static_cast<std::uint64_t>(stack)));
}

void LogWriter::fence(StackId stack) {
  record(LogRecord::Fence, Body().number(static_cast<std::uint64_t>(stack)));
}

void LogWriter::persist(GuestRange range, StackId stack) {
  record(LogRecord::Persist, Body()
                                 .number(range.begin.raw())
                                 .number(range.size())
                                 .number(static_cast<std::uint64_t>(stack)));
}

void LogWriter::marker(std::string_view text) {
  record(LogRecord::Marker, Body(), text);
}

void LogWriter::name(GuestRange range, std::string_view text) {
  record(LogRecord::Name, Body().number(range.begin.raw()).number(range.size()), text);
}

void LogWriter::end() {
  record(LogRecord::End, Body());
  flush();
}

void LogWriter::flush() {
  if (used_ != 0) sink_.write({reinterpret_cast<const char*>(buffer_), used_});
  used_ = 0;
}

void LogWriter::record(LogRecord kind, const Body& body, std::span<const std::uint8_t> data) {
  add(static_cast<std::uint8_t>(kind));
  add(Body().number(body.bytes().size() + data.size()).bytes());
  add(body.bytes());
  add(data);
}

void LogWriter::record(LogRecord kind, const Body& body, std::string_view text) {
  record(kind, body, bytes_of(text));
}

std::int64_t LogWriter::near(GuestRange range) {
  const auto distance = static_cast<std::int64_t>(range.begin - near_);
  near_ = range.end;
  return distance;
}

void LogWriter::add(std::uint8_t byte) {
  if (used_ == sizeof buffer_) flush();
  buffer_[used_++] = byte;
}

void LogWriter::add(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (used_ == sizeof buffer_) flush();
    const std::size_t part = std::min(bytes.size(), sizeof buffer_ - used_);
    std::memcpy(buffer_ + used_, bytes.data(), part);
    used_ += part;
    bytes = bytes.subspan(part);
  }
}

}  // namespace pmemcheck
