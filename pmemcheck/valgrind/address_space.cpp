// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/address_space.h"

#include <new>

#include "pmemcheck/base/host.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/guest_memory.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

namespace pmemcheck::address_space {

namespace {

// ---- found mappings -----------------------------------------------------------------------------

// mmap(2); not in Valgrind's headers.
constexpr UWord kMapTypes = 0x0f;
constexpr UWord kMapSharedValidate = 0x03;
constexpr UWord kMapSync = 0x80000;

struct FoundMapping {
  FileId file;
  std::uint64_t file_begin;  // the address at which the file would begin, modulo 2^64
  const PmemFiles* named;    // by --pmem-file, or null
  constexpr bool operator==(const FoundMapping&) const = default;
};
constinit RangeMap<FoundMapping>* g_found = nullptr;

// What the next mmap will replace.
constinit Vector<GuestRange>* g_replaced = nullptr;

bool is_shared(UWord flags) {
  const UWord type = flags & kMapTypes;
  return type == VKI_MAP_SHARED || type == kMapSharedValidate;
}

bool is_shared_file(UWord flags) {
  return is_shared(flags) && (flags & VKI_MAP_ANONYMOUS) == 0;
}

// RETURNS: whether a mapping of `file`, made with `flags`, is found to be persistent.
bool is_persistent(UWord flags, const OpenFile& file, const PmemFiles* named) {
  // MAP_SHARED ignores flags that it does not know; only MAP_SHARED_VALIDATE grants MAP_SYNC.
  const bool is_sync = (flags & kMapTypes) == kMapSharedValidate && (flags & kMapSync) != 0;
  return is_sync || named != nullptr || matches("/dev/dax*", file.path());
}

// Marks the parts of `range` that are not registered as found, and all of it as persistent.  What
// the program has registered stays registered.
void add_found(GuestRange range, const FoundMapping& mapping) {
  GuestRange rest = range;
  run::machine().pmem().for_each_part(range, [&](GuestRange registered) {
    g_found->assign({rest.begin, registered.begin}, mapping);
    rest.begin = registered.end;
  });
  g_found->assign(rest, mapping);
  if (mapping.named != nullptr && mapping.named->has_domain)
    events::domain_chosen(range, mapping.named->domain);
  events::mapped(range);
}

// Calls visit(part, mapping) for the part of each found mapping that lies in `range`.
void for_each_found(GuestRange range, auto visit) {
  g_found->for_each_in(
      range, [&](const auto& entry) { visit(entry.range.intersection(range), entry.value); });
}

// ---- unmapped memory ----------------------------------------------------------------------------

void forget(GuestRange range) {
  events::unmapped(range);
  g_found->erase(range);
}

// A mapping was made over `range`, in place of others.  A shared file mapped over registered memory
// fills in what the program reserved, so that memory stays registered.  Anything else mapped there
// ends the registration.
void replace(GuestRange range, bool by_shared_file) {
  Vector<GuestRange> kept;
  if (by_shared_file)
    run::machine().pmem().for_each_part(range, [&](GuestRange part) {
      for_each_found(part, [&](GuestRange found, const FoundMapping&) {
        kept.push_back({part.begin, found.begin});
        part.begin = found.end;
      });
      kept.push_back(part);
    });
  forget(range);
  for (const GuestRange part : kept) events::mapped(part);
}

// Calls visit(part) for each part of `range` that is mapped.
void for_each_mapped(GuestRange range, auto visit) {
  while (!range.is_empty()) {
    const NSegment* segment = VG_(am_find_nsegment)(range.begin.raw());
    const bool is_mapped =
        segment != nullptr && (segment->kind & (SkAnonC | SkFileC | SkShmC)) != 0;
    // Unmapped memory may have no segment that gives its length.
    const GuestRange known =
        segment != nullptr ? range_of(*segment) : GuestRange::of(range.begin, VKI_PAGE_SIZE);
    const GuestRange part = known.intersection(range);
    if (is_mapped) visit(part);
    range.begin = part.end;
  }
}

void memory_mapped(Addr, SizeT, Bool readable, Bool, Bool executable, ULong) {
  if (executable || !readable) stacks::forget_unwindings();
}

void memory_protected(Addr, SizeT, Bool, Bool, Bool) {
  stacks::forget_unwindings();
}

void memory_gone(Addr address, SizeT bytes) {
  stacks::forget_unwindings();
  forget(GuestRange::of(GuestAddr(address), bytes));
}

void memory_moved(Addr from_address, Addr to_address, SizeT bytes) {
  const GuestRange from = GuestRange::of(GuestAddr(from_address), bytes);
  const GuestAddr to(to_address);
  forget(GuestRange::of(to, bytes));
  events::moved(from, to);
  g_found->move(from, to, [](FoundMapping mapping, std::uint64_t distance) {
    mapping.file_begin += distance;
    return mapping;
  });
}

}  // namespace

void start() {
  g_found = ::new (host_allocate(sizeof *g_found, "found mappings")) RangeMap<FoundMapping>;
  g_replaced = ::new (host_allocate(sizeof *g_replaced, "replaced")) Vector<GuestRange>;
}

void track_events() {
  VG_(track_new_mem_mmap)(memory_mapped);
  VG_(track_change_mem_mprotect)(memory_protected);
  VG_(track_die_mem_munmap)(memory_gone);
  VG_(track_die_mem_brk)(memory_gone);
  VG_(track_copy_mem_remap)(memory_moved);
}

// ---- mmap and mremap ----------------------------------------------------------------------------

void before_mmap(const MmapCall& call) {
  g_replaced->clear();
  if ((call.flags & VKI_MAP_FIXED) == 0) return;
  // Only persistent memory can be lost, so the search is limited to it.
  run::machine().pmem().for_each_part(call.wanted, [](GuestRange pmem) {
    for_each_mapped(pmem, [](GuestRange part) { g_replaced->push_back(part); });
  });
}

void after_mmap(const MmapCall& call, GuestAddr result) {
  for (const GuestRange range : *g_replaced) replace(range, is_shared_file(call.flags));
  g_replaced->clear();
  const GuestRange range = GuestRange::of(result, call.wanted.size());
  if (!is_shared_file(call.flags)) return events::shown(range, {});
  const OpenFile file(call.descriptor);
  if (!file.is_open()) return events::shown(range, {});

  const events::FileView view{file.path(), file.id(), call.offset};
  events::shown(range, view);
  const PmemFiles* named = find_pmem_files(command_line::options().pmem_files, file.path());
  if (!is_persistent(call.flags, file, named)) return;
  add_found(range, {file.id(), result.raw() - call.offset, named});
  events::found(range, view);
}

void after_mremap(GuestRange before, GuestRange after, UWord flags) {
  if (after.size() <= before.size()) return;
  const GuestRange grown{after.begin + before.size(), after.end};
  // The core reports memory that a moved mapping replaces, but not memory that it grows over.
  if ((flags & VKI_MREMAP_FIXED) != 0) forget(grown);
  events::shown_further(grown);
  const auto* entry = g_found->find(GuestAddr(grown.begin.raw() - 1));
  if (entry == nullptr) return;
  const FoundMapping mapping = entry->value;
  add_found(grown, mapping);
}

void after_shmat(GuestAddr result, UWord flags) {
  // SHM_REMAP replaces existing mappings, which the core does not report.
  constexpr UWord kShmRemap = 040000;  // shmat(2); not in Valgrind's headers
  if ((flags & kShmRemap) == 0) return;
  const NSegment* segment = VG_(am_find_nsegment)(result.raw());
  if (segment != nullptr) forget({result, range_of(*segment).end});
}

// ---- registration -------------------------------------------------------------------------------

void register_pmem(GuestRange range) {
  g_found->erase(range);
  events::mapped(range);
}

void withdraw_pmem(GuestRange range) {
  events::withdrawn(range);
  g_found->erase(range);
}

// ---- msync and similar calls --------------------------------------------------------------------

void persist(GuestRange range) {
  for_each_found(range, [](GuestRange part, const FoundMapping&) { events::persisted(part); });
}

void persist_file(FileId file, UWord offset, UWord bytes) {
  for_each_found(GuestRange::everything(), [&](GuestRange part, const FoundMapping& mapping) {
    if (mapping.file != file) return;
    const GuestRange offsets = GuestRange::of(GuestAddr(offset), bytes);
    const GuestRange mapped =
        GuestRange::of(GuestAddr(part.begin.raw() - mapping.file_begin), part.size());
    const GuestRange both = mapped.intersection(offsets);
    if (!both.is_empty())
      events::persisted(GuestRange::of(both.begin + mapping.file_begin, both.size()));
  });
}

void persist_device(ULong device) {
  for_each_found(GuestRange::everything(), [&](GuestRange part, const FoundMapping& mapping) {
    if (mapping.file.device == device) events::persisted(part);
  });
}

void persist_all() {
  persist(GuestRange::everything());
}

}  // namespace pmemcheck::address_space
