// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/address_space.h"

#include <new>

#include "pmemcheck/base/host.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/rules/not_persisted.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/findings/reporting.h"
#include "pmemcheck/valgrind/places.h"
#include "pmemcheck/valgrind/record/store_log.h"
#include "pmemcheck/valgrind/record/trace.h"
#include "pmemcheck/valgrind/runtime.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/syscalls.h"
#include "pmemcheck/valgrind/translate/instrument.h"

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

// RETURNS: whether a mapping of `file`, made with `flags`, is persistent without being said to be.
bool is_persistent(UWord flags, const OpenFile& file, const PmemFiles* named) {
  // MAP_SHARED ignores flags that it does not know; only MAP_SHARED_VALIDATE grants MAP_SYNC.
  const bool is_sync = (flags & kMapTypes) == kMapSharedValidate && (flags & kMapSync) != 0;
  return is_sync || named != nullptr || matches("/dev/dax*", file.path());
}

// `range` is persistent from now on.
void begin(GuestRange range) {
  runtime::machine().add_pmem(range);
  watch_stores();
  trace::mapped(range);
}

// What is registered already is persistent by the program's word, which goes first.
void add_found(GuestRange range, const FoundMapping& mapping) {
  GuestRange rest = range;
  runtime::machine().pmem().for_each_part(range, [&](GuestRange registered) {
    g_found->assign({rest.begin, registered.begin}, mapping);
    rest.begin = registered.end;
  });
  g_found->assign(rest, mapping);
  if (mapping.named != nullptr && mapping.named->has_domain)
    runtime::machine().set_domain(range, mapping.named->domain);
  begin(range);
}

// Calls visit(part, mapping) for the part of each found mapping that lies in `range`.
void for_each_found(GuestRange range, auto visit) {
  g_found->for_each_in(
      range, [&](const auto& entry) { visit(entry.range.intersection(range), entry.value); });
}

// ---- memory that goes ---------------------------------------------------------------------------

void forget(GuestRange range) {
  Machine& machine = runtime::machine();
  if (!machine.knows(range)) return;
  const StackId stack = machine.pmem().overlaps(range)
                            ? syscalls::stack_of_call(VG_(get_running_tid)())
                            : StackId::None;
  find_not_persisted(machine, range, stack, stacks::same_place, findings::list());
  findings::settle(VG_(get_running_tid)());
  reporting::mapping_goes(range);
  machine.unmap(range);
  trace::unmapped(range);
  g_found->erase(range);
}

// A mapping was made over `range`, where others were.  Who maps a file over memory that is
// registered fills in what was reserved: the program's word holds.  Who maps anything else there
// takes the memory away.
void replace(GuestRange range, bool by_shared_file) {
  Vector<GuestRange> kept;
  if (by_shared_file)
    runtime::machine().pmem().for_each_part(range, [&](GuestRange part) {
      for_each_found(part, [&](GuestRange found, const FoundMapping&) {
        kept.push_back({part.begin, found.begin});
        part.begin = found.end;
      });
      kept.push_back(part);
    });
  forget(range);
  for (const GuestRange part : kept) begin(part);
}

// Calls visit(part) for each part of `range` that is mapped.
void for_each_mapped(GuestRange range, auto visit) {
  while (!range.is_empty()) {
    const NSegment* segment = VG_(am_find_nsegment)(range.begin.raw());
    const bool is_mapped =
        segment != nullptr && (segment->kind & (SkAnonC | SkFileC | SkShmC)) != 0;
    // What is not mapped has no segment to say how long it is.
    const GuestAddr next =
        segment != nullptr ? GuestAddr(segment->end) + 1 : range.begin + VKI_PAGE_SIZE;
    const GuestRange part{range.begin, next < range.end ? next : range.end};
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
  const GuestRange range = GuestRange::of(GuestAddr(address), bytes);
  forget(range);
  places::forget(range);
}

void memory_moved(Addr from_address, Addr to_address, SizeT bytes) {
  const GuestRange from = GuestRange::of(GuestAddr(from_address), bytes);
  const GuestAddr to(to_address);
  forget(GuestRange::of(to, bytes));
  places::move(from, to);
  runtime::machine().move(from, to);
  trace::moved(from, to);
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
  // Nothing else can be lost; and what is not mapped page by page takes no long looking for.
  runtime::machine().pmem().for_each_part(call.wanted, [](GuestRange pmem) {
    for_each_mapped(pmem, [](GuestRange part) { g_replaced->push_back(part); });
  });
}

void after_mmap(const MmapCall& call, GuestAddr result) {
  for (const GuestRange range : *g_replaced) replace(range, is_shared_file(call.flags));
  g_replaced->clear();
  places::forget(GuestRange::of(result, call.wanted.size()));
  if (!is_shared_file(call.flags)) return;

  const OpenFile file(call.descriptor);
  if (!file.is_open()) return;
  const PmemFiles* named = find_pmem_files(command_line::options().pmem_files, file.path());
  const GuestRange range = GuestRange::of(result, call.wanted.size());
  places::map_file(range, file.path(), call.offset);
  if (!is_persistent(call.flags, file, named)) return;
  add_found(range, {file.id(), result.raw() - call.offset, named});
  if (TextLog* log = store_log::log())
    log->register_file(file.path(), result, range.size(), call.offset);
}

void after_mremap(GuestRange before, GuestRange after, UWord flags) {
  if (after.size() <= before.size()) return;
  const GuestRange grown{after.begin + before.size(), after.end};
  // The core tells of what is moved over, and not of what is grown over.
  if ((flags & VKI_MREMAP_FIXED) != 0) forget(grown);
  places::extend(grown);
  const auto* entry = g_found->find(GuestAddr(grown.begin.raw() - 1));
  if (entry == nullptr) return;
  const FoundMapping mapping = entry->value;
  add_found(grown, mapping);
}

void after_shmat(GuestAddr result, UWord flags) {
  // It replaces what is there, and the core does not say so.
  constexpr UWord kShmRemap = 040000;  // shmat(2); not in Valgrind's headers
  if ((flags & kShmRemap) == 0) return;
  const NSegment* segment = VG_(am_find_nsegment)(result.raw());
  if (segment != nullptr) forget({result, GuestAddr(segment->end) + 1});
}

// ---- the program's word -------------------------------------------------------------------------

void register_pmem(GuestRange range) {
  g_found->erase(range);
  begin(range);
}

void withdraw_pmem(GuestRange range) {
  reporting::mapping_goes(range);
  g_found->erase(range);
  runtime::machine().remove_pmem(range);
  trace::unmapped(range);
}

// ---- msync and its like -------------------------------------------------------------------------

void persist(GuestRange range) {
  for_each_found(range, [](GuestRange part, const FoundMapping&) { runtime::persist(part); });
}

void persist_file(FileId file, UWord offset, UWord bytes) {
  for_each_found(GuestRange::everything(), [&](GuestRange part, const FoundMapping& mapping) {
    if (mapping.file != file) return;
    const GuestRange offsets = GuestRange::of(GuestAddr(offset), bytes);
    const GuestRange mapped =
        GuestRange::of(GuestAddr(part.begin.raw() - mapping.file_begin), part.size());
    const GuestRange both = mapped.intersection(offsets);
    if (!both.is_empty())
      runtime::persist(GuestRange::of(both.begin + mapping.file_begin, both.size()));
  });
}

void persist_device(ULong device) {
  for_each_found(GuestRange::everything(), [&](GuestRange part, const FoundMapping& mapping) {
    if (mapping.file.device == device) runtime::persist(part);
  });
}

void persist_all() {
  persist(GuestRange::everything());
}

}  // namespace pmemcheck::address_space
