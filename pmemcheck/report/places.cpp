// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/places.h"

#include <cstring>

#include "pmemcheck/base/host.h"

namespace pmemcheck {

Places::~Places() {
  for (const std::string_view text : texts_) host_free(const_cast<char*>(text.data()));
}

// RETURNS: the number of this text; keeps a copy of a new text.
std::uint32_t Places::number_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  const std::uint32_t known = texts_.find(hash, [&](std::string_view t) { return t == text; });
  if (known != 0) return known;
  auto* copy = static_cast<char*>(host_allocate(text.size(), "name of a place"));
  std::memcpy(copy, text.data(), text.size());
  return texts_.add(hash, {copy, text.size()});
}

Places::Known Places::moved(Known known, std::uint64_t distance) {
  return {known.text, known.begin + distance};
}

void Places::map_file(GuestRange range, std::string_view path, std::uint64_t offset) {
  if (!path.empty()) files_.assign(range, {number_of(path), range.begin.raw() - offset});
}

void Places::extend(GuestRange grown) {
  const auto* before = files_.find(GuestAddr(grown.begin.raw() - 1));
  if (before == nullptr) return;
  const Known file = before->value;
  files_.assign(grown, file);
}

void Places::forget(GuestRange range) {
  files_.erase(range);
  names_.erase(range);
}

void Places::move(GuestRange from, GuestAddr to) {
  files_.move(from, to, moved);
  names_.move(from, to, moved);
}

void Places::name(GuestRange range, std::string_view name) {
  if (name.empty())
    names_.erase(range);
  else
    names_.assign(range, {number_of(name), range.begin.raw()});
}

Place Places::at(GuestAddr address) const {
  Place place;
  if (const auto* file = files_.find(address)) {
    place.file = file->value.text;
    place.offset = address.raw() - file->value.begin;
  }
  if (const auto* name = names_.find(address)) {
    place.name = name->value.text;
    place.offset_in_name = address.raw() - name->value.begin;
  }
  return place;
}

}  // namespace pmemcheck
