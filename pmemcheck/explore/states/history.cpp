// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/history.h"

#include <algorithm>
#include <cstring>

#include <malloc.h>

namespace pmemcheck::explore {

namespace {

ByteMask bytes_of(const Atom& atom) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < kChunkBytes; i++)
    if ((atom.mask >> 8 * i & 0xff) != 0)
      bits |= std::uint64_t{1} << (atom.chunk * kChunkBytes + i);
  return ByteMask(bits);
}

}  // namespace

History::History(const Survey& survey, std::size_t max_versions)
    : survey_(survey), max_versions_(max_versions), files_(survey.files) {
  PM_CHECK(max_versions >= 2);
  for (const FileInfo& file : files_.all()) certain_.emplace_back(file.bytes);
  for (const Survey::Initial& initial : survey_.initial)
    certain_[initial.location.file].write(initial.location.offset, initial.data);
  too_many_changes_ = true;  // everything is new to the first take_changes()
}

void History::apply(const TraceRecord& record, const AtPoint& at_point) {
  switch (record.kind) {
  case RecordKind::Rules: fence_scope_ = record.fence_scope; return;
  case RecordKind::Map: map(record.mapping); return;
  case RecordKind::Contents: set_contents(record); return;
  case RecordKind::Unmap:
    name(record.range, {});
    addresses_.unmap(record.range);
    return;
  case RecordKind::Move: addresses_.move(record.range, record.to); return;
  case RecordKind::Store:
  case RecordKind::NtStore: store(record, at_point); return;
  case RecordKind::WeakFlush:
  case RecordKind::StrongFlush: flush(record, at_point); return;
  case RecordKind::Fence: fence(record, at_point); return;
  case RecordKind::Persist: persist(record, at_point); return;
  case RecordKind::Name: name(record.range, record.text); return;
  case RecordKind::Stack:
  case RecordKind::Thread:
  case RecordKind::Marker:
  case RecordKind::End: return;
  }
}

// ---- names --------------------------------------------------------------------------------------

void History::name(GuestRange range, std::string_view name) {
  addresses_.for_each_part(range, [&](GuestRange part, FileLocation location, Domain) {
    if (name.empty())
      names_.erase(file_range(location, part.size()));
    else
      names_.assign(file_range(location, part.size()), name);
  });
}

std::vector<std::string_view> History::names_of(FileLocation location, std::uint64_t bytes) const {
  std::vector<std::string_view> names;
  names_.for_each_in(file_range(location, bytes),
                     [&](const auto& entry) { names.push_back(entry.value); });
  return names;
}

// ---- mappings -----------------------------------------------------------------------------------

// The file may have been changed since it was mapped last, in ways that are not recorded.  So what
// the new mapping shows is certain, except for lines with pending stores, which stay as they are.
void History::map(const TraceMapping& mapping) {
  const FileLocation location = files_.location_of(mapping);
  PM_CHECK(location.file < certain_.size());  // or the survey is of another recording
  addresses_.map(mapping.range, location, mapping.domain);
  const GuestRange bytes = file_range(location, mapping.range.size());
  std::vector<GuestRange> again;
  mapped_before_.for_each_in(
      bytes, [&](const auto& known) { again.push_back(known.range.intersection(bytes)); });
  mapped_before_.assign(bytes, true);
  for (const GuestRange range : again) {
    const std::uint64_t begin = location.offset + (range.begin - bytes.begin);
    std::uint64_t end = std::min(begin + range.size(), certain_[location.file].bytes());
    certain_[location.file].for_each_extent([&](std::uint64_t offset, std::uint64_t size) {
      const std::uint64_t first = std::max(begin, offset), last = std::min(end, offset + size);
      for (std::uint64_t chunk = first / kChunkBytes; chunk * kChunkBytes < last; chunk++)
        if (!lines_.contains({location.file, chunk / kChunksInLine}))
          write_certain(location.file, chunk, 0);
    });
  }
}

void History::set_contents(const TraceRecord& record) {
  PM_CHECK(record.data.size() >= record.range.size());
  for_each_line(record.range, [&](FileLine line, ByteMask bytes, GuestAddr at, Domain) {
    if (lines_.contains(line)) return;
    for (unsigned i = bytes.first(); i < bytes.end(); i++) {
      const std::uint64_t chunk = line.line * kChunksInLine + i / kChunkBytes;
      const unsigned shift = 8 * (i % kChunkBytes);
      const std::uint64_t byte = record.data[at + (i - bytes.first()) - record.range.begin];
      const std::uint64_t before = certain_[line.file].chunk(chunk);
      const std::uint64_t after = (before & ~(std::uint64_t{0xff} << shift)) | byte << shift;
      if (after != before) write_certain(line.file, chunk, after);
    }
  });
}

void History::for_each_line(
    GuestRange range,
    const std::function<void(FileLine, ByteMask, GuestAddr, Domain)>& visit) const {
  addresses_.for_each_part(range, [&](GuestRange part, FileLocation location, Domain domain) {
    const std::uint64_t end = location.offset + part.size();
    for (std::uint64_t at = location.offset; at < end;) {
      const std::uint64_t line = at / kLineBytes;
      const std::uint64_t next = std::min(end, (line + 1) * kLineBytes);
      const auto first = static_cast<unsigned>(at % kLineBytes);
      visit({location.file, line}, ByteMask::of(first, first + static_cast<unsigned>(next - at)),
            part.begin + (at - location.offset), domain);
      at = next;
    }
  });
}

// ---- stores -------------------------------------------------------------------------------------

void History::store(const TraceRecord& record, const AtPoint& at_point) {
  PM_CHECK(record.data.size() >= record.range.size());
  store_number_++;
  for_each_line(record.range, [&](FileLine line, ByteMask bytes, GuestAddr at, Domain domain) {
    store_in_line(record, line, bytes.first(), bytes.end(),
                  record.data.data() + (at - record.range.begin), domain, at_point);
  });
}

void History::store_in_line(const TraceRecord& record, FileLine line, unsigned first, unsigned end,
                            const std::uint8_t* data, Domain domain, const AtPoint& at_point) {
  while (first < end) {
    Atom atom{.kind =
                  record.kind == RecordKind::NtStore ? StoreKind::NonTemporal : StoreKind::Ordinary,
              .chunk = static_cast<std::uint8_t>(first / kChunkBytes),
              .number = store_number_,
              .thread = record.thread,
              .stack = record.stack};
    const unsigned next = std::min(end, (atom.chunk + 1u) * unsigned{kChunkBytes});
    for (; first < next; first++) {
      const unsigned shift = 8 * (first % kChunkBytes);
      atom.value |= static_cast<std::uint64_t>(*data++) << shift;
      atom.mask |= std::uint64_t{0xff} << shift;
    }
    const bool is_certain = domain == Domain::eadr && atom.kind == StoreKind::Ordinary;
    if (is_certain) at_point({BarrierKind::EadrStore, record.stack, record.thread});
    PendingLine& l = lines_[line];
    l.atoms.push_back(atom);
    l.has_parts = false;
    if (is_certain)
      make_certain(line, [&](const Atom& a) { return a.number == atom.number; });
    else if (atom.kind == StoreKind::NonTemporal)
      drained(record.thread).nt_lines.insert(line);
  }
}

// ---- what makes stores certain ------------------------------------------------------------------

History::Thread& History::drained(ThreadNo thread) {
  return threads_[fence_scope_ == FenceScope::process ? ThreadNo::None : thread];
}

void History::flush(const TraceRecord& record, const AtPoint& at_point) {
  std::vector<std::pair<FileLine, ByteMask>> lines;
  for_each_line(record.range, [&](FileLine line, ByteMask bytes, GuestAddr, Domain) {
    const auto found = lines_.find(line);
    if (found == lines_.end()) return;
    lines.emplace_back(line, bytes);
    for (Atom& atom : found->second.atoms)
      if (atom.flushed_at == 0 && (bytes_of(atom) & bytes).any())
        atom.flushed_at = store_number_ + 1;
    found->second.has_parts = false;
  });
  if (record.kind == RecordKind::WeakFlush) {
    for (const auto& [line, bytes] : lines)
      drained(record.thread).flushed.push_back({line, store_number_, bytes});
    return;
  }
  // A strong flush orders its own line only: the lines of a range become certain one by one.
  for (const auto& [line, bytes] : lines) {
    const Chooses covered = [&, b = bytes](const Atom& a) { return (bytes_of(a) & b).any(); };
    if (!any(line, covered)) continue;
    at_point({BarrierKind::StrongFlush, record.stack, record.thread});
    make_certain(line, covered);
  }
}

void History::fence(const TraceRecord& record, const AtPoint& at_point) {
  Thread& thread = drained(record.thread);
  const auto flushed = [](const Flushed& f) {
    return [&f](const Atom& a) {
      return a.kind == StoreKind::Ordinary && a.number <= f.last_store &&
             (bytes_of(a) & f.bytes).any();
    };
  };
  const bool is_for_all_threads = fence_scope_ == FenceScope::process;
  const Chooses own = [&](const Atom& a) {
    return a.kind == StoreKind::NonTemporal && (is_for_all_threads || a.thread == record.thread);
  };
  const bool makes_certain =
      std::any_of(thread.flushed.begin(), thread.flushed.end(),
                  [&](const Flushed& f) { return any(f.line, flushed(f)); }) ||
      std::any_of(thread.nt_lines.begin(), thread.nt_lines.end(),
                  [&](FileLine line) { return any(line, own); });
  if (makes_certain) at_point({BarrierKind::Fence, record.stack, record.thread});
  for (const Flushed& f : thread.flushed) make_certain(f.line, flushed(f));
  for (const FileLine line : thread.nt_lines) make_certain(line, own);
  thread.flushed.clear();
  thread.nt_lines.clear();
}

void History::persist(const TraceRecord& record, const AtPoint& at_point) {
  std::vector<std::pair<FileLine, ByteMask>> lines;
  for_each_line(record.range, [&](FileLine line, ByteMask bytes, GuestAddr, Domain) {
    if (any(line, [&](const Atom& a) { return (bytes_of(a) & bytes).any(); }))
      lines.emplace_back(line, bytes);
  });
  if (lines.empty()) return;
  at_point({BarrierKind::Persist, record.stack, record.thread});
  for (const auto& [line, bytes] : lines)
    make_certain(line, [&, b = bytes](const Atom& a) { return (bytes_of(a) & b).any(); });
}

bool History::any(FileLine line, const Chooses& chooses) const {
  const auto found = lines_.find(line);
  return found != lines_.end() &&
         std::any_of(found->second.atoms.begin(), found->second.atoms.end(), chooses);
}

void History::make_certain(FileLine line, const Chooses& chooses) {
  const auto found = lines_.find(line);
  if (found == lines_.end()) return;
  std::vector<Atom>& atoms = found->second.atoms;
  std::vector<bool> chosen(atoms.size());
  bool any = false, any_ordinary = false;
  bool in_chunk[kChunksInLine] = {};
  // The atoms that bind a chosen one (binds() in part.h) precede it and become certain with it.
  for (std::size_t i = atoms.size(); i-- > 0;) {
    const bool is_ordinary = atoms[i].kind == StoreKind::Ordinary;
    chosen[i] = (is_ordinary && any_ordinary) || in_chunk[atoms[i].chunk] || chooses(atoms[i]);
    if (!chosen[i]) continue;
    any = in_chunk[atoms[i].chunk] = true;
    any_ordinary = any_ordinary || is_ordinary;
  }
  if (!any) return;
  std::vector<Atom> left;
  for (std::size_t i = 0; i < atoms.size(); i++) {
    if (!chosen[i]) {
      left.push_back(atoms[i]);
      continue;
    }
    const std::uint64_t chunk = line.line * kChunksInLine + atoms[i].chunk;
    write_certain(line.file, chunk, atoms[i].over(certain_[line.file].chunk(chunk)));
  }
  atoms = std::move(left);
  found->second.has_parts = false;
  if (!atoms.empty()) return;
  lines_.erase(found);
  erased_lines_++;
}

void History::write_certain(FileNo file, std::uint64_t chunk, std::uint64_t value) {
  PM_DCHECK(file < certain_.size());
  hash_ -= hash_of_chunk(file, chunk, certain_[file].chunk(chunk));
  certain_[file].set_chunk(chunk, value);
  hash_ += hash_of_chunk(file, chunk, value);
  constexpr std::size_t kMostChanges = 1 << 16;
  if (changes_.size() < kMostChanges)
    changes_.emplace_back(file, chunk);
  else
    too_many_changes_ = true;
}

// ---- queries ------------------------------------------------------------------------------------

void History::for_each_part(const std::function<void(const Part&)>& visit) {
  for (auto& [line, l] : lines_) {
    if (!l.has_parts) {
      std::uint64_t base[kChunksInLine];
      for (unsigned i = 0; i < kChunksInLine; i++)
        base[i] = certain_[line.file].chunk(line.line * kChunksInLine + i);
      l.parts = parts_of(line, l.atoms, base, max_versions_);
      l.has_parts = true;
    }
    for (const Part& part : l.parts) visit(part);
  }
}

std::optional<std::vector<History::FileChunk>> History::take_changes() {
  std::optional<std::vector<FileChunk>> changes;
  if (!too_many_changes_) changes = std::move(changes_);
  changes_.clear();
  too_many_changes_ = false;
  // Give back what many lines took, because each fork of a checker pays for memory that is kept.
  constexpr std::size_t kManyLines = 4096;
  if (erased_lines_ > kManyLines) {
    malloc_trim(0);
    erased_lines_ = 0;
  }
  return changes;
}

}  // namespace pmemcheck::explore
