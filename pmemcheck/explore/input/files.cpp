// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/files.h"

#include <algorithm>

#include "pmemcheck/base/format.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

GuestRange file_range(FileLocation begin, std::uint64_t bytes) {
  constexpr std::uint64_t kEnd = std::uint64_t{1} << kFileOffsetBits;
  PM_CHECK(begin.file >> (64 - kFileOffsetBits) == 0);
  PM_CHECK(begin.offset < kEnd && bytes <= kEnd - 1 - begin.offset);
  const std::uint64_t file = static_cast<std::uint64_t>(begin.file) << kFileOffsetBits;
  return GuestRange::of(GuestAddr(file | begin.offset), bytes);
}

FileLocation Files::location_of(const TraceMapping& mapping) {
  const FileLocation location =
      mapping.path.empty() ? location_in_memory(mapping.range) : location_in_file(mapping);
  constexpr std::uint64_t kMost = (std::uint64_t{1} << kFileOffsetBits) - 1;
  if (location.offset > kMost || mapping.range.size() > kMost - location.offset ||
      files_[location.file].bytes > kMost)
    throw UserError(files_[location.file].name + ": a file of 2^48 bytes or more");
  if (location.file >> (64 - kFileOffsetBits) != 0)
    throw UserError(files_[location.file].name + ": more than 65536 files in one run");
  return location;
}

FileLocation Files::location_in_file(const TraceMapping& mapping) {
  const std::uint64_t needed = mapping.file_offset + mapping.range.size();
  // A mapping may reach to the end of its last page, past the end of the file.
  const std::uint64_t bytes = mapping.file_bytes != 0 ? mapping.file_bytes : needed;
  for (FileNo i = 0; i < files_.size(); i++) {
    FileInfo& file = files_[i];
    if (file.path != mapping.path || file.device != mapping.device || file.inode != mapping.inode)
      continue;
    file.bytes = std::max(file.bytes, bytes);
    return {i, mapping.file_offset};
  }
  const std::string path(mapping.path);
  files_.push_back({.path = path,
                    .name = unused_name(path.substr(path.rfind('/') + 1)),
                    .bytes = bytes,
                    .device = mapping.device,
                    .inode = mapping.inode});
  return {static_cast<FileNo>(files_.size() - 1), mapping.file_offset};
}

FileLocation Files::location_in_memory(GuestRange range) {
  for (FileNo i = 0; i < files_.size(); i++) {
    FileInfo& file = files_[i];
    const GuestRange known = GuestRange::of(file.memory_begin, file.bytes);
    if (!file.is_memory() || range.begin < known.begin || range.begin > known.end) continue;
    file.bytes = std::max(file.bytes, range.end - known.begin);
    return {i, range.begin - known.begin};
  }
  // The file begins at a line of memory, so that its cache lines are those of memory.
  const GuestAddr begin = LineAddr::holding(range.begin).begin();
  char buffer[kNumberChars];
  files_.push_back({.path = "",
                    .name = "memory-" + std::string(to_text(Hex{begin}, buffer)),
                    .bytes = range.end - begin,
                    .memory_begin = begin});
  return {static_cast<FileNo>(files_.size() - 1), range.begin - begin};
}

std::vector<FileNo> Files::in_an_image() const {
  std::vector<FileNo> chosen;
  for (FileNo i = 0; i < files_.size(); i++)
    if (!files_[i].is_memory() || files_[i].is_stored_to) chosen.push_back(i);
  return chosen;
}

std::string Files::unused_name(const std::string& wanted) const {
  std::string name = wanted;
  const auto is_used = [&](const FileInfo& file) { return file.name == name; };
  for (int i = 2; std::any_of(files_.begin(), files_.end(), is_used); i++)
    name = wanted + "." + std::to_string(i);
  return name;
}

void AddressMap::map(GuestRange range, FileLocation location, Domain domain) {
  shown_.assign(range, Shown{location.file, range.begin.raw() - location.offset, domain});
}

void AddressMap::move(GuestRange from, GuestAddr to) {
  shown_.move(from, to, [](Shown shown, std::uint64_t distance) {
    shown.file_begin += distance;
    return shown;
  });
}

}  // namespace pmemcheck::explore
