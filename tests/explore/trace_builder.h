// trace_builder.h: makes traces for tests, and the images that exploring them gives.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "pmemcheck/explore/images/image.h"
#include "pmemcheck/explore/states/point.h"
#include "pmemcheck/trace/trace_writer.h"
#include "tests/explore/temporary_directory.h"
#include "tests/text.h"

namespace pmemcheck::test {

// A trace with one file, "pool", at kBase.
class TraceBuilder {
 public:
  static constexpr std::uint64_t kBase = 0x10000;

  explicit TraceBuilder(std::uint64_t file_bytes = 256, Domain domain = Domain::adr,
                        FenceScope scope = FenceScope::thread)
      : writer_(text_.sink()) {
    writer_.begin("1.0", domain, scope);
    writer_.map({.range = GuestRange::of(GuestAddr(kBase), file_bytes),
                 .file_bytes = file_bytes,
                 .inode = 1,
                 .domain = domain,
                 .path = "/mnt/pool"});
  }
  TraceWriter& writer() { return writer_; }

  TraceBuilder& thread(unsigned number) {
    writer_.thread(ThreadNo{number});
    return *this;
  }
  // Stores these bytes.  The first store has stack 1, the next one 2, ...
  TraceBuilder& store(std::uint64_t offset, const std::string& bytes,
                      RecordKind kind = RecordKind::Store) {
    const StackId stack{++stores_};
    const std::string words = "   at store " + std::to_string(stores_) + "\n";
    writer_.stack(stack, words);
    writer_.store(kind, GuestAddr(kBase + offset),
                  {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, stack);
    return *this;
  }
  TraceBuilder& nt_store(std::uint64_t offset, const std::string& bytes) {
    return store(offset, bytes, RecordKind::NtStore);
  }
  TraceBuilder& flush(std::uint64_t offset, std::uint64_t bytes = 64,
                      RecordKind kind = RecordKind::WeakFlush) {
    writer_.flush_of(kind, GuestRange::of(GuestAddr(kBase + offset), bytes), StackId::None);
    return *this;
  }
  TraceBuilder& fence() {
    writer_.fence(StackId::None);
    return *this;
  }
  TraceBuilder& persist(std::uint64_t offset, std::uint64_t bytes) {
    writer_.persist(GuestRange::of(GuestAddr(kBase + offset), bytes), StackId::None);
    return *this;
  }
  TraceBuilder& marker(const std::string& text) {
    writer_.marker(text);
    return *this;
  }
  // RETURNS: the bytes of the file.  Call last.
  const std::string& file() {
    writer_.end();
    return text_.str();
  }

 private:
  Text text_;
  TraceWriter writer_;
  std::uint32_t stores_ = 0;
};

// RETURNS: every image that exploring gives, as the bytes of its file "pool".  Sets *last to the
// last one.
inline std::set<std::string> images_of(const std::string& trace, const explore::Scope& scope = {},
                                       explore::EngineLimits limits = {.max_states = 1 << 20,
                                                                       .random_states = 0},
                                       std::string* last = nullptr) {
  using namespace explore;
  const TemporaryDirectory directory;
  const Recording recording(directory.write("trace", trace), {});
  const Survey survey(recording);
  Points points(recording, survey, scope);
  Image image(directory.make("image"), points.history().files());
  Choices choices(limits);
  std::set<std::string> images;
  points.for_each([&](const Point& point) {
    image.move_to(points.history(), point);
    choices.for_each(point.engine, point.parts, point.number, [&](const Choice& choice) {
      image.become(point, choice);
      const std::string text = text_of(image.argument());
      if (last != nullptr) *last = text;
      images.insert(text);
      return true;
    });
    image.leave(point);
    return true;
  });
  return images;
}

}  // namespace pmemcheck::test
