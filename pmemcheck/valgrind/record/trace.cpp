// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/record/trace.h"

#include <new>

#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/trace/trace_writer.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/record/trace_file.h"
#include "pmemcheck/valgrind/record/trace_memory.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

namespace pmemcheck::trace {

namespace {

// The file that an address shows, as recorded in the trace.  All 0: memory without a file.
struct Shown {
  std::uint64_t device;
  std::uint64_t inode;
  std::uint64_t file_begin;  // the address at which the file would begin, modulo 2^64
  constexpr bool operator==(const Shown&) const = default;

  static Shown by(const TraceMapping& mapping) {
    if (mapping.path.empty()) return {};
    return {mapping.device, mapping.inode, mapping.range.begin.raw() - mapping.file_offset};
  }
};

struct Recording {
  TraceFile file;
  TraceWriter writer{file.sink()};
  RangeMap<Shown> shown;
  HashMap<bool> stacks;                // by StackId: whether its text has been written
  StackId last_stack = StackId::None;  // the one written last
  Vector<bool> wants_fence;            // by ThreadNo: whether it has flushed since its last fence
  ThreadNo thread = ThreadNo::None;
};
constinit Recording* g_recording = nullptr;  // null: there is no trace

void begin() {
  const Options& options = command_line::options();
  g_recording->writer.begin(PMEMCHECK_VERSION, options.domain, options.fence_scope);
}

void name_stack(StackId stack) {
  Recording& r = *g_recording;
  if (stack == r.last_stack || stack == StackId::None) return;
  r.last_stack = stack;
  bool& is_written = r.stacks.get(static_cast<std::uint32_t>(stack));
  if (is_written) return;
  is_written = true;
  r.writer.stack(stack, stacks::text(nullptr, stack));
}

void name_thread(ThreadNo thread) {
  if (thread == g_recording->thread) return;
  g_recording->thread = thread;
  g_recording->writer.thread(thread);
}

// RETURNS: the index into wants_fence for the flushes of `thread`.
std::size_t drained_by(ThreadNo thread) {
  return command_line::options().fence_scope == FenceScope::process
             ? 0
             : static_cast<std::size_t>(thread);
}

// Notes that the next fence of the thread completes a flush or a store.
void await_fence(ThreadNo thread) {
  g_recording->wants_fence.resize_at_least(drained_by(thread) + 1);
  g_recording->wants_fence[drained_by(thread)] = true;
}

void write_page(GuestAddr page, void* self) {
  const GuestRange part =
      GuestRange::of(page, VKI_PAGE_SIZE).intersection(*static_cast<const GuestRange*>(self));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(part.begin.raw());
  g_recording->writer.contents(part.begin, {bytes, part.size()});
}

// Records a mapping with its contents.  REQUIRES: it lies within one mapping of the kernel.
void write_mapping(TraceMapping mapping) {
  mapping.domain = run::machine().domain_of(mapping.range.begin);
  g_recording->shown.assign(mapping.range, Shown::by(mapping));
  g_recording->writer.map(mapping);
  for_each_page_with_contents(mapping.range, mapping.path, mapping.file_offset, write_page,
                              &mapping.range);
}

// RETURNS: whether the trace already has this mapping.
bool is_written(const TraceMapping& mapping) {
  const auto* entry = g_recording->shown.find(mapping.range.begin);
  return entry != nullptr && entry->range.contains(mapping.range) &&
         entry->value == Shown::by(mapping);
}

}  // namespace

void start() {
  if (command_line::options().trace.empty()) return;
  g_recording = ::new (host_allocate(sizeof *g_recording, "trace")) Recording;
  if (const HChar* wrong = g_recording->file.open()) {
    VG_(fmsg)
    ("--trace=%s: the file %s %s\n", command_line::options().trace.data(), g_recording->file.name(),
     wrong);
    VG_(exit)(1);
  }
  begin();
}

void stop() {
  if (is_on()) g_recording->writer.end();
}

void before_fork() {
  if (is_on()) g_recording->writer.flush();
}

void child_begins() {
  if (!is_on()) return;
  Recording& r = *g_recording;
  r.file.close();
  if (!TraceFile::is_named_by_process() || r.file.open() != nullptr) return;
  r.stacks = HashMap<bool>();
  r.last_stack = StackId::None;
  r.thread = ThreadNo::None;
  r.wants_fence.clear();
  r.shown.erase(GuestRange::everything());
  begin();
  run::machine().pmem().for_each_part(GuestRange::everything(), mapped);
}

void before_exec() {
  if (!is_on()) return;
  g_recording->writer.end();
  g_recording->file.suspend();
}

void after_failed_exec() {
  if (g_recording != nullptr) g_recording->file.resume();
}

bool is_on() {
  return g_recording != nullptr && g_recording->file.is_open();
}

void mapped(GuestRange range) {
  if (!is_on()) return;
  while (!range.is_empty()) {
    const KernelMapping kernel(range.begin);
    TraceMapping mapping = kernel.describe();
    const GuestRange part = kernel.range().intersection(range);
    mapping.file_offset += part.begin - kernel.range().begin;
    mapping.range = part;
    if (mapping.path.empty()) mapping.file_offset = 0;
    if (!is_written(mapping)) write_mapping(mapping);
    range.begin = part.end;
  }
}

void mapped_file(GuestRange range, std::string_view path, FileId file, std::uint64_t offset) {
  if (!is_on()) return;
  run::machine().pmem().for_each_part(range, [&](GuestRange part) {
    const std::uint64_t part_offset = offset + (part.begin - range.begin);
    // Prefer what /proc/self/maps says.
    if (KernelMapping(part.begin).is_shared_file()) return;
    const TraceMapping mapping{.range = part,
                               .file_offset = part_offset,
                               .file_bytes = part_offset + part.size(),
                               .device = file.device,
                               .inode = file.inode,
                               .path = path};
    if (!is_written(mapping)) write_mapping(mapping);
  });
}

void unmapped(GuestRange range) {
  if (!is_on() || g_recording->shown.first_in(range) == nullptr) return;
  g_recording->shown.erase(range);
  g_recording->writer.unmap(range);
}

void moved(GuestRange from, GuestAddr to) {
  if (!is_on() || g_recording->shown.first_in(from) == nullptr) return;
  g_recording->shown.move(from, to, [](Shown shown, std::uint64_t distance) {
    if (shown != Shown{}) shown.file_begin += distance;
    return shown;
  });
  g_recording->writer.move(from, to);
}

void store(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  if (!is_on()) return;
  name_stack(stack);
  name_thread(thread);
  const bool is_nt = kind == StoreKind::NonTemporal;
  if (is_nt) await_fence(thread);
  run::machine().pmem().for_each_part(range, [&](GuestRange part) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(part.begin.raw());
    g_recording->writer.store(is_nt ? RecordKind::NtStore : RecordKind::Store, part.begin,
                              {bytes, part.size()}, stack);
  });
}

void flush(ThreadNo thread, GuestRange range, FlushOrder order, StackId stack) {
  if (!is_on() || !run::machine().pmem().overlaps(range)) return;
  name_stack(stack);
  name_thread(thread);
  const bool is_weak = order == FlushOrder::Weak;
  if (is_weak) await_fence(thread);
  g_recording->writer.flush_of(is_weak ? RecordKind::WeakFlush : RecordKind::StrongFlush, range,
                               stack);
}

bool wants_fence(ThreadNo thread) {
  return is_on() && drained_by(thread) < g_recording->wants_fence.size() &&
         g_recording->wants_fence[drained_by(thread)];
}

void fence(ThreadNo thread, StackId stack) {
  if (!wants_fence(thread)) return;
  g_recording->wants_fence[drained_by(thread)] = false;
  name_stack(stack);
  name_thread(thread);
  g_recording->writer.fence(stack);
}

void persist(GuestRange range, StackId stack) {
  if (!is_on()) return;
  name_stack(stack);
  g_recording->writer.persist(range, stack);
}

void marker(std::string_view text) {
  if (is_on()) g_recording->writer.marker(text);
}

void name(GuestRange range, std::string_view name) {
  if (is_on() && g_recording->shown.first_in(range) != nullptr)
    g_recording->writer.name(range, name);
}

}  // namespace pmemcheck::trace
