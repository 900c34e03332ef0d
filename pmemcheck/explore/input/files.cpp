// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/files.h"

#include <algorithm>

namespace pmemcheck::explore {

Place Files::place_of(const TraceMapping& mapping) {
  if (mapping.path.empty()) return place_of_memory(mapping.range);
  const std::uint64_t needed = mapping.file_offset + mapping.range.size();
  for (FileNo i = 0; i < files_.size(); i++) {
    FileInfo& file = files_[i];
    if (file.path != mapping.path || file.device != mapping.device || file.inode != mapping.inode)
      continue;
    // A mapping may go on to the end of the last page, where the file has ended.
    file.bytes = std::max(file.bytes, mapping.file_bytes != 0 ? mapping.file_bytes : needed);
    return {i, mapping.file_offset};
  }
  const std::string path(mapping.path);
  files_.push_back({.path = path,
                    .name = unused_name(path.substr(path.rfind('/') + 1)),
                    .bytes = mapping.file_bytes != 0 ? mapping.file_bytes : needed,
                    .device = mapping.device,
                    .inode = mapping.inode});
  return {static_cast<FileNo>(files_.size() - 1), mapping.file_offset};
}

Place Files::place_of_memory(GuestRange range) {
  for (FileNo i = 0; i < files_.size(); i++) {
    FileInfo& file = files_[i];
    const GuestRange known = GuestRange::of(file.memory_begin, file.bytes);
    if (!file.is_memory() || range.begin < known.begin || range.begin > known.end) continue;
    file.bytes = std::max(file.bytes, range.end - known.begin);
    return {i, range.begin - known.begin};
  }
  // Lines of the file are lines of memory.
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

void AddressMap::map(GuestRange range, Place place, Domain domain) {
  shown_.assign(range, Shown{place.file, range.begin.raw() - place.offset, domain});
}

void AddressMap::move(GuestRange from, GuestAddr to) {
  shown_.move(from, to, [](Shown shown, std::uint64_t distance) {
    shown.file_begin += distance;
    return shown;
  });
}

}  // namespace pmemcheck::explore
