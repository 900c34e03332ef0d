// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/trace/trace_writer.h"

#include <algorithm>
#include <cstring>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

TraceWriter::Body& TraceWriter::Body::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_[used_++] = static_cast<std::uint8_t>(value | 0x80);
  bytes_[used_++] = static_cast<std::uint8_t>(value);
  PM_DCHECK(used_ <= sizeof bytes_);
  return *this;
}

TraceWriter::Body& TraceWriter::Body::signed_number(std::int64_t value) {
  // The sign is in the lowest bit, so that small distances are short in both directions.
  const auto bits = static_cast<std::uint64_t>(value);
  return number(value < 0 ? ~bits << 1 | 1 : bits << 1);
}

void TraceWriter::begin(std::string_view writer, Domain domain, FenceScope scope) {
  PM_CHECK(writer.size() < 256 && used_ == 0);
  has_begun_ = true;
  near_ = GuestAddr();
  add(bytes_of(kTraceMagic));
  for (unsigned shift = 0; shift < 32; shift += 8)
    add(static_cast<std::uint8_t>(kTraceFormat >> shift));
  add(static_cast<std::uint8_t>(writer.size()));
  add(bytes_of(writer));
  record(
      RecordKind::Rules,
      Body().number(static_cast<std::uint64_t>(domain)).number(static_cast<std::uint64_t>(scope)));
}

void TraceWriter::map(const TraceMapping& m) {
  record(RecordKind::Map,
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

void TraceWriter::contents(GuestAddr begin, std::span<const std::uint8_t> data) {
  record(RecordKind::Contents, Body().number(begin.raw()), data);
}

void TraceWriter::unmap(GuestRange range) {
  record(RecordKind::Unmap, Body().number(range.begin.raw()).number(range.size()));
}

void TraceWriter::move(GuestRange from, GuestAddr to) {
  record(RecordKind::Move, Body().number(from.begin.raw()).number(from.size()).number(to.raw()));
}

void TraceWriter::stack(StackId stack, std::string_view text) {
  record(RecordKind::Stack, Body().number(stack_id::bits(stack)), text);
}

void TraceWriter::thread(ThreadNo thread) {
  record(RecordKind::Thread, Body().number(static_cast<std::uint64_t>(thread)));
}

void TraceWriter::store(RecordKind kind, GuestAddr begin, std::span<const std::uint8_t> data,
                        StackId stack) {
  PM_DCHECK(kind == RecordKind::Store || kind == RecordKind::NtStore);
  const std::int64_t distance = near(GuestRange::of(begin, data.size()));
  record(kind, Body().signed_number(distance).number(stack_id::bits(stack)), data);
}

void TraceWriter::flush_of(RecordKind kind, GuestRange range, StackId stack) {
  PM_CHECK(kind == RecordKind::WeakFlush || kind == RecordKind::StrongFlush);
  record(kind,
         Body().signed_number(near(range)).number(range.size()).number(stack_id::bits(stack)));
}

void TraceWriter::fence(StackId stack) {
  record(RecordKind::Fence, Body().number(stack_id::bits(stack)));
}

void TraceWriter::persist(GuestRange range, StackId stack) {
  record(RecordKind::Persist,
         Body().number(range.begin.raw()).number(range.size()).number(stack_id::bits(stack)));
}

void TraceWriter::marker(std::string_view text) {
  record(RecordKind::Marker, Body(), text);
}

void TraceWriter::name(GuestRange range, std::string_view text) {
  record(RecordKind::Name, Body().number(range.begin.raw()).number(range.size()), text);
}

void TraceWriter::end() {
  record(RecordKind::End, Body());
  flush();
}

void TraceWriter::flush() {
  if (used_ != 0) sink_.write({reinterpret_cast<const char*>(buffer_), used_});
  used_ = 0;
}

void TraceWriter::record(RecordKind kind, const Body& body, std::span<const std::uint8_t> data) {
  PM_CHECK(has_begun_);
  add(static_cast<std::uint8_t>(kind));
  add(Body().number(body.bytes().size() + data.size()).bytes());
  add(body.bytes());
  add(data);
}

void TraceWriter::record(RecordKind kind, const Body& body, std::string_view text) {
  record(kind, body, bytes_of(text));
}

std::int64_t TraceWriter::near(GuestRange range) {
  const auto distance = static_cast<std::int64_t>(range.begin - near_);
  near_ = range.end;
  return distance;
}

void TraceWriter::add(std::uint8_t byte) {
  if (used_ == sizeof buffer_) flush();
  buffer_[used_++] = byte;
}

void TraceWriter::add(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (used_ == sizeof buffer_) flush();
    const std::size_t part = std::min(bytes.size(), sizeof buffer_ - used_);
    std::memcpy(buffer_ + used_, bytes.data(), part);
    used_ += part;
    bytes = bytes.subspan(part);
  }
}

}  // namespace pmemcheck
