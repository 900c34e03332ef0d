// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/trace/trace_reader.h"

#include <cstring>
#include <limits>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

std::uint64_t TraceReader::Body::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at_ == bytes_.size()) break;
    const std::uint8_t byte = bytes_[at_++];
    // The tenth byte has only one bit left.
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  bad_ = true;
  return 0;
}

std::int64_t TraceReader::Body::signed_number() {
  const std::uint64_t bits = number();
  return static_cast<std::int64_t>((bits & 1) != 0 ? ~(bits >> 1) : bits >> 1);
}

GuestRange TraceReader::Body::range() {
  const GuestAddr begin(number());
  return GuestRange::of(begin, number());
}

StackId TraceReader::Body::stack() {
  const std::uint64_t id = number();
  if (id > std::numeric_limits<std::uint32_t>::max()) fail();
  return StackId{static_cast<std::uint32_t>(id)};
}

std::string_view TraceReader::Body::text() const {
  return {reinterpret_cast<const char*>(bytes_.data()) + at_, bytes_.size() - at_};
}

TraceHead TraceReader::open() {
  PM_CHECK(at_ == 0);
  const std::size_t magic = file_.size() < kTraceMagic.size() ? file_.size() : kTraceMagic.size();
  if (std::memcmp(file_.data(), kTraceMagic.data(), magic) != 0) return TraceHead::Foreign;
  const std::size_t version_at = kTraceMagic.size();
  if (file_.size() < version_at + 5) return TraceHead::Cut;
  for (unsigned i = 0; i < 4; i++)
    format_ |= static_cast<std::uint32_t>(file_[version_at + i]) << 8 * i;
  const std::size_t length = file_[version_at + 4];
  if (file_.size() < version_at + 5 + length) return TraceHead::Cut;
  writer_ = {reinterpret_cast<const char*>(file_.data()) + version_at + 5, length};
  at_ = version_at + 5 + length;
  return format_ > kTraceFormat ? TraceHead::Newer : TraceHead::Good;
}

TraceRead TraceReader::next(TraceRecord& record) {
  PM_CHECK(at_ != 0 && format_ <= kTraceFormat);
  if (at_ == file_.size()) return TraceRead::End;
  const std::uint8_t code = file_[at_];
  if (!is_trace_record(code)) return TraceRead::Damaged;
  const auto rest = file_.subspan(at_ + 1);
  constexpr std::size_t kMostBytesOfANumber = 10;
  Body head(rest.first(rest.size() < kMostBytesOfANumber ? rest.size() : kMostBytesOfANumber));
  const std::uint64_t length = head.number();
  if (head.is_bad()) return rest.size() < kMostBytesOfANumber ? TraceRead::Cut : TraceRead::Damaged;
  if (length > rest.size() - head.read()) return TraceRead::Cut;

  Body body(rest.subspan(head.read(), length));
  record = TraceRecord();
  record.kind = RecordKind{code};
  decode(body, record);
  if (body.is_bad()) return TraceRead::Damaged;
  at_ += 1 + head.read() + length;
  return TraceRead::Record;
}

Domain TraceReader::domain_of(Body& body) {
  switch (body.number()) {
  case static_cast<std::uint64_t>(Domain::adr): return Domain::adr;
  case static_cast<std::uint64_t>(Domain::eadr): return Domain::eadr;
  default: body.fail(); return Domain::adr;  // a number from a file, not an enumerator
  }
}

FenceScope TraceReader::fence_scope_of(Body& body) {
  switch (body.number()) {
  case static_cast<std::uint64_t>(FenceScope::thread): return FenceScope::thread;
  case static_cast<std::uint64_t>(FenceScope::process): return FenceScope::process;
  default: body.fail(); return FenceScope::thread;  // also a number from a file
  }
}

GuestRange TraceReader::near(std::int64_t distance, std::uint64_t bytes) {
  const GuestRange range = GuestRange::of(near_ + static_cast<std::uint64_t>(distance), bytes);
  near_ = range.end;
  return range;
}

void TraceReader::decode(Body& body, TraceRecord& record) {
  switch (record.kind) {
  case RecordKind::Rules:
    record.domain = domain_of(body);
    record.fence_scope = fence_scope_of(body);
    break;
  case RecordKind::Map: {
    TraceMapping& m = record.mapping;
    m.range = record.range = body.range();
    m.file_offset = body.number();
    m.file_bytes = body.number();
    m.device = body.number();
    m.inode = body.number();
    m.domain = domain_of(body);
    if (!body.is_bad()) m.path = body.text();
    break;
  }
  case RecordKind::Contents: {
    const GuestAddr begin(body.number());
    record.data = body.rest();
    record.range = GuestRange::of(begin, record.data.size());
    break;
  }
  case RecordKind::Unmap: record.range = body.range(); break;
  case RecordKind::Move:
    record.range = body.range();
    record.to = GuestAddr(body.number());
    break;
  case RecordKind::Stack:
    record.stack = body.stack();
    record.text = body.text();
    break;
  case RecordKind::Thread: {
    const std::uint64_t number = body.number();
    if (number > std::numeric_limits<std::uint32_t>::max()) body.fail();
    thread_ = ThreadNo{static_cast<std::uint32_t>(number)};
    break;
  }
  case RecordKind::Store:
  case RecordKind::NtStore: {
    const std::int64_t distance = body.signed_number();
    record.stack = body.stack();
    record.data = body.rest();
    record.range = near(distance, record.data.size());
    break;
  }
  case RecordKind::WeakFlush:
  case RecordKind::StrongFlush: {
    const std::int64_t distance = body.signed_number();
    record.range = near(distance, body.number());
    record.stack = body.stack();
    break;
  }
  case RecordKind::Fence: record.stack = body.stack(); break;
  case RecordKind::Persist:
    record.range = body.range();
    record.stack = body.stack();
    break;
  case RecordKind::Marker: record.text = body.text(); break;
  case RecordKind::End: break;
  case RecordKind::Name:
    record.range = body.range();
    if (!body.is_bad()) record.text = body.text();
    break;
  }
  record.thread = thread_;
}

}  // namespace pmemcheck
