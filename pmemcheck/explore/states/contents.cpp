// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/contents.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

namespace {

constexpr std::uint64_t kPageBytes = 4096;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// RETURNS: a file without a name, in memory.
Descriptor make_memory() {
  const int number = memfd_create("pmemcheck-explore", MFD_CLOEXEC);
  if (number < 0) fail("memory for an image");
  return Descriptor(number);
}

}  // namespace

Contents::Contents(Descriptor descriptor, std::uint64_t bytes)
    : descriptor_(std::move(descriptor)), bytes_(bytes) {
  PM_CHECK(descriptor_.is_open());
  if (ftruncate(descriptor_.number(), static_cast<off_t>(bytes)) != 0) fail("an image's size");
  if (bytes == 0) return;
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                    descriptor_.number(), 0);
  if (data == MAP_FAILED) fail("an image in memory");
  data_ = static_cast<std::uint8_t*>(data);
  has_room_.assign((bytes + kPageBytes - 1) / kPageBytes, 0);
}

Contents::Contents(std::uint64_t bytes) : Contents(make_memory(), bytes) {}

Contents::Contents(Contents&& o) noexcept
    : descriptor_(std::move(o.descriptor_)), bytes_(o.bytes_), data_(o.data_),
      times_grown_(o.times_grown_), has_room_(std::move(o.has_room_)) {
  o.data_ = nullptr;
}

Contents::~Contents() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

// Gives these bytes memory, because a store to a page that the file system has no room for would be
// a SIGBUS.  REQUIRES: there are bytes, and all lie within the file.
void Contents::make_room(std::uint64_t offset, std::uint64_t bytes) {
  PM_DCHECK(bytes > 0 && offset < bytes_ && bytes <= bytes_ - offset);
  for (std::uint64_t page = offset / kPageBytes; page <= (offset + bytes - 1) / kPageBytes;
       page++) {
    if (has_room_[page] != 0) continue;
    const std::uint64_t begin = page * kPageBytes;
    const std::uint64_t size = std::min(kPageBytes, bytes_ - begin);
    int error = EINTR;  // signals interrupt it, such as the timer's
    while (error == EINTR)
      error = posix_fallocate(descriptor_.number(), static_cast<off_t>(begin),
                              static_cast<off_t>(size));
    if (error != 0) throw std::system_error(error, std::generic_category(), "writing an image");
    has_room_[page] = 1;
    times_grown_++;
  }
}

void Contents::write(std::uint64_t offset, std::span<const std::uint8_t> data) {
  if (offset >= bytes_) return;
  const std::uint64_t size = std::min<std::uint64_t>(data.size(), bytes_ - offset);
  if (size == 0) return;
  make_room(offset, size);
  std::memcpy(data_ + offset, data.data(), size);
}

std::uint64_t Contents::chunk(std::uint64_t number) const {
  std::uint64_t value = 0;
  const std::uint64_t offset = number * 8;
  if (offset < bytes_)
    std::memcpy(&value, data_ + offset, std::min<std::uint64_t>(8, bytes_ - offset));
  return value;
}

void Contents::set_chunk(std::uint64_t number, std::uint64_t value) {
  const std::uint64_t offset = number * 8;
  if (offset >= bytes_) return;
  const std::uint64_t size = std::min<std::uint64_t>(8, bytes_ - offset);
  make_room(offset, size);
  std::memcpy(data_ + offset, &value, size);
}

void Contents::clear(std::uint64_t offset, std::uint64_t bytes) {
  if (offset >= bytes_) return;
  bytes = std::min(bytes, bytes_ - offset);
  while (fallocate(descriptor_.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                   static_cast<off_t>(offset), static_cast<off_t>(bytes)) != 0)
    if (errno != EINTR) fail("clearing an image");
  for (std::uint64_t page = offset / kPageBytes; page <= (offset + bytes - 1) / kPageBytes; page++)
    has_room_[page] = 0;
}

void Contents::for_each_extent(
    const std::function<void(std::uint64_t, std::uint64_t)>& visit) const {
  std::uint64_t at = 0;
  while (at < bytes_) {
    const off_t data = lseek(descriptor_.number(), static_cast<off_t>(at), SEEK_DATA);
    if (data < 0) return;
    const off_t hole = lseek(descriptor_.number(), data, SEEK_HOLE);
    const std::uint64_t begin = static_cast<std::uint64_t>(data);
    const std::uint64_t end =
        hole < 0 ? bytes_ : std::min(bytes_, static_cast<std::uint64_t>(hole));
    if (begin < end) visit(begin, end - begin);
    at = std::max(end, begin + 1);
  }
}

bool Contents::become(const Contents& other) {
  PM_CHECK(bytes_ == other.bytes_);
  bool changed = false;
  const auto copy = [&](std::uint64_t offset, std::uint64_t bytes) {
    for (std::uint64_t at = offset; at < offset + bytes; at += kPageBytes) {
      const std::uint64_t size = std::min(kPageBytes, offset + bytes - at);
      make_room(at, size);  // reading a page without memory would be a fault
      if (std::memcmp(data_ + at, other.data_ + at, size) == 0) continue;
      changed = true;
      write(at, {other.data_ + at, size});
    }
  };
  other.for_each_extent(copy);
  for_each_extent(copy);
  return changed;
}

void Contents::forget_room() {
  std::fill(has_room_.begin(), has_room_.end(), 0);
}

}  // namespace pmemcheck::explore
