// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/places.h"

#include <new>

#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck::places {

namespace {

// A file from some byte on, or a named range.
struct Known {
  std::uint32_t text;   // its number
  std::uint64_t begin;  // the address at which it begins, or would begin, modulo 2^64
  constexpr bool operator==(const Known&) const = default;
};

struct Tables {
  RangeMap<Known> files;
  RangeMap<Known> names;
  Vector<std::string_view> texts;         // by number - 1
  HashMap<std::uint32_t> number_of_hash;  // of a text's hash; the last one made
};
constinit Tables* g_tables = nullptr;

// RETURNS: the number of this text, which is kept for good.
std::uint32_t number_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  std::uint32_t& number = g_tables->number_of_hash.get(hash);
  if (number == 0 || g_tables->texts[number - 1] != text) {
    auto* copy = static_cast<char*>(host_allocate(text.size() + 1, "name of a place"));
    VG_(memcpy)(copy, text.data(), text.size());
    g_tables->texts.push_back({copy, text.size()});
    number = static_cast<std::uint32_t>(g_tables->texts.size());
  }
  return number;
}

Known moved(Known known, std::uint64_t distance) {
  return {known.text, known.begin + distance};
}

}  // namespace

void start() {
  g_tables = ::new (host_allocate(sizeof *g_tables, "places")) Tables;
}

void map_file(GuestRange range, std::string_view path, UWord offset) {
  if (!path.empty()) g_tables->files.assign(range, {number_of(path), range.begin.raw() - offset});
}

void extend(GuestRange grown) {
  const auto* before = g_tables->files.find(GuestAddr(grown.begin.raw() - 1));
  if (before == nullptr) return;
  const Known file = before->value;
  g_tables->files.assign(grown, file);
}

void forget(GuestRange range) {
  g_tables->files.erase(range);
  g_tables->names.erase(range);
}

void move(GuestRange from, GuestAddr to) {
  g_tables->files.move(from, to, moved);
  g_tables->names.move(from, to, moved);
}

void name(GuestRange range, std::string_view name) {
  if (name.empty())
    g_tables->names.erase(range);
  else
    g_tables->names.assign(range, {number_of(name), range.begin.raw()});
}

Place at(GuestAddr address) {
  Place place;
  if (const auto* file = g_tables->files.find(address)) {
    place.file = file->value.text;
    place.offset = address.raw() - file->value.begin;
  }
  if (const auto* name = g_tables->names.find(address)) {
    place.name = name->value.text;
    place.offset_in_name = address.raw() - name->value.begin;
  }
  return place;
}

void for_each_part(GuestRange range, void (*visit)(void* self, GuestRange part, Place place),
                   void* self) {
  GuestAddr at = range.begin;
  const auto unknown_to = [&](GuestAddr end) {
    if (at < end) visit(self, {at, end}, Place{});
    at = end;
  };
  g_tables->files.for_each_in(range, [&](const auto& entry) {
    const GuestRange part = entry.range.intersection(range);
    unknown_to(part.begin);
    visit(self, part, {.file = entry.value.text, .offset = part.begin.raw() - entry.value.begin});
    at = part.end;
  });
  unknown_to(range.end);
}

std::string_view words(void*, std::uint32_t number) {
  return g_tables->texts[number - 1];
}

}  // namespace pmemcheck::places
