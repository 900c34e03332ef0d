// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/part.h"

#include <algorithm>
#include <map>
#include <set>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

bool binds(const Atom& earlier, const Atom& later) {
  return earlier.chunk == later.chunk ||
         (earlier.kind == StoreKind::Ordinary && later.kind == StoreKind::Ordinary);
}

namespace {

// MurmurHash3's finalizer (public domain, A. Appleby): every bit depends on every bit.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 33) * 0xff51afd7ed558ccdu;
  x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53u;
  return x ^ x >> 33;
}

// RETURNS: by atom, the number of its group.  Atoms that bind each other, directly or indirectly,
// share a group.
std::vector<std::size_t> groups_of(const std::vector<Atom>& atoms) {
  // The atoms of a chunk are one group; all chunks with ordinary atoms are one group.
  bool is_ordinary[kChunksInLine] = {};
  for (const Atom& atom : atoms)
    if (atom.kind == StoreKind::Ordinary) is_ordinary[atom.chunk] = true;
  std::vector<std::size_t> groups;
  for (const Atom& atom : atoms) groups.push_back(is_ordinary[atom.chunk] ? 0 : 1u + atom.chunk);
  return groups;
}

class Builder {
 public:
  Builder(Part& part, std::size_t max_versions) : part_(part), max_versions_(max_versions) {}

  // REQUIRES: each atom binds the next, so that the versions are prefixes.
  void choose_prefixes() {
    std::vector<std::uint64_t> values = part_.base;
    ContentHash hash = hash_of(values);
    std::set<ContentHash> known = {hash};
    std::vector<std::size_t> counts = {0};
    for (std::size_t i = 0; i < part_.atoms.size(); i++) {
      apply(part_.atoms[i], values);
      hash = hash_of(values);
      if (known.insert(hash).second) counts.push_back(i + 1);
    }
    for (const std::size_t i : chosen_of(counts.size())) {
      std::vector<bool> kept(part_.atoms.size(), false);
      std::fill_n(kept.begin(), counts[i], true);
      add(kept);
    }
  }

  // Lists every set of atoms that also contains the atoms that bind its atoms, smallest sets first.
  void choose_closed_sets() {
    const std::size_t count = part_.atoms.size();
    constexpr std::size_t kMostSets = 1 << 16;
    std::set<std::vector<bool>> seen = {std::vector<bool>(count, false)};
    std::vector<std::vector<bool>> sets(seen.begin(), seen.end());
    std::set<ContentHash> known;
    std::vector<std::vector<bool>> different;
    for (std::size_t next = 0; next < sets.size(); next++) {
      const std::vector<bool> kept = sets[next];
      if (known.insert(hash_of(part_.contents(kept))).second) different.push_back(kept);
      for (std::size_t i = 0; i < count; i++) {
        if (kept[i] || !may_follow(kept, i)) continue;
        std::vector<bool> more = kept;
        more[i] = true;
        if (seen.size() >= kMostSets)
          part_.is_complete = false;
        else if (seen.insert(more).second)
          sets.push_back(std::move(more));
      }
    }
    for (const std::size_t i : chosen_of(different.size())) add(different[i]);
  }

  // Finds the version that keeps everything, and adds it if it was left out.
  void find_latest() {
    const std::vector<bool> all(part_.atoms.size(), true);
    if (!part_.version_of(all)) add(all);
    part_.latest = *part_.version_of(all);
  }

 private:
  // RETURNS: the indices of at most max_versions_ out of `count`: the first, the last, and others
  // at equal distances.
  std::vector<std::size_t> chosen_of(std::size_t count) {
    std::vector<std::size_t> chosen;
    const std::size_t most = std::min(count, max_versions_);
    if (most < count) part_.is_complete = false;
    for (std::size_t i = 0; i < most; i++)
      chosen.push_back(most > 1 ? i * (count - 1) / (most - 1) : 0);
    return chosen;
  }
  void apply(const Atom& atom, std::vector<std::uint64_t>& values) const {
    std::uint64_t& value = values[part_.index_of(atom.chunk)];
    value = atom.over(value);
  }
  bool may_follow(const std::vector<bool>& kept, std::size_t atom) const {
    for (std::size_t i = 0; i < atom; i++)
      if (!kept[i] && binds(part_.atoms[i], part_.atoms[atom])) return false;
    return true;
  }
  ContentHash hash_of(const std::vector<std::uint64_t>& values) const {
    ContentHash hash;
    for (std::size_t i = 0; i < values.size(); i++)
      hash += hash_of_chunk(part_.line.file, part_.line.line * kChunksInLine + part_.chunks[i],
                            values[i]);
    return hash;
  }
  void add(const std::vector<bool>& kept) {
    std::vector<std::uint64_t> values = part_.contents(kept);
    ContentHash change = hash_of(values);
    change -= hash_of(part_.base);
    part_.versions.push_back({std::move(values), kept, change});
  }

  Part& part_;
  std::size_t max_versions_;
};

}  // namespace

ContentHash hash_of_chunk(std::uint32_t file, std::uint64_t chunk, std::uint64_t value) {
  const std::uint64_t location = mix(chunk * 0x9e3779b97f4a7c15u + file);
  return {mix(value ^ location), mix(value * 0xd6e8feb86659fd93u + location + 1)};
}

std::size_t Part::index_of(std::uint8_t chunk) const {
  const auto found = std::lower_bound(chunks.begin(), chunks.end(), chunk);
  PM_CHECK(found != chunks.end() && *found == chunk);
  return static_cast<std::size_t>(found - chunks.begin());
}

std::vector<std::uint64_t> Part::contents(const std::vector<bool>& kept) const {
  PM_CHECK(kept.size() == atoms.size());
  std::vector<std::uint64_t> values = base;
  for (std::size_t i = 0; i < kept.size(); i++) {
    if (!kept[i]) continue;
    std::uint64_t& value = values[index_of(atoms[i].chunk)];
    value = atoms[i].over(value);
  }
  return values;
}

std::optional<std::uint32_t> Part::version_of(const std::vector<bool>& kept) const {
  const std::vector<std::uint64_t> wanted = contents(kept);
  for (std::uint32_t v = 0; v < versions.size(); v++)
    if (versions[v].values == wanted) return v;
  return std::nullopt;
}

std::optional<std::uint32_t> Part::version_up_to(std::uint64_t last) const {
  std::vector<bool> kept;
  for (const Atom& atom : atoms) kept.push_back(atom.number <= last);
  return version_of(kept);
}

bool Part::is_valid() const {
  const auto is_not_below = [](std::uint8_t a, std::uint8_t b) { return a >= b; };
  return std::adjacent_find(chunks.begin(), chunks.end(), is_not_below) == chunks.end() &&
         base.size() == chunks.size() && latest < versions.size() &&
         std::all_of(versions.begin(), versions.end(),
                     [&](const Version& v) {
                       return v.kept.size() == atoms.size() && v.values == contents(v.kept);
                     }) &&
         versions[0].values == base && versions[0].change == ContentHash{};
}

std::vector<Part> parts_of(FileLine line, const std::vector<Atom>& atoms,
                           const std::uint64_t (&base)[kChunksInLine], std::size_t max_versions) {
  PM_CHECK(max_versions >= 2);
  PM_CHECK(std::all_of(atoms.begin(), atoms.end(), [](const Atom& a) { return a.is_valid(); }));
  PM_CHECK(std::is_sorted(atoms.begin(), atoms.end(),
                          [](const Atom& a, const Atom& b) { return a.number < b.number; }));
  const std::vector<std::size_t> groups = groups_of(atoms);
  std::map<std::size_t, Part> parts;
  for (std::size_t i = 0; i < atoms.size(); i++) {
    Part& part = parts[groups[i]];
    part.line = line;
    part.atoms.push_back(atoms[i]);
    part.chunks.push_back(atoms[i].chunk);
  }
  std::vector<Part> result;
  for (auto& [group, part] : parts) {
    std::sort(part.chunks.begin(), part.chunks.end());
    part.chunks.erase(std::unique(part.chunks.begin(), part.chunks.end()), part.chunks.end());
    for (const std::uint8_t chunk : part.chunks) part.base.push_back(base[chunk]);
    const bool is_chain = part.chunks.size() == 1 ||
                          std::all_of(part.atoms.begin(), part.atoms.end(),
                                      [](const Atom& a) { return a.kind == StoreKind::Ordinary; });
    Builder builder(part, max_versions);
    if (is_chain)
      builder.choose_prefixes();
    else
      builder.choose_closed_sets();
    builder.find_latest();
    PM_DCHECK(part.is_valid());
    // A part with one version leaves nothing to choose.
    if (part.versions.size() > 1) result.push_back(std::move(part));
  }
  return result;
}

}  // namespace pmemcheck::explore
