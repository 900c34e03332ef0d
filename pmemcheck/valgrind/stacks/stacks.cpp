// stacks.cpp: see stacks.h.
//
// An unwinding starts from three registers (IP, SP, BP) and reads stack slots: each frame's return
// address, and the caller's BP if a frame saved it.  It also depends on the unwind information,
// which is fixed for a given IP until code is mapped or unmapped.  So the same registers and the
// same values in the slots that it read give the same stack: see base/unwinding_cache.h.
//
// Valgrind does not report which slots it read.  They are found again:
//   - The return address of a frame is just below the frame's canonical address, which is the
//     caller's SP.
//   - A saved BP is somewhere in the frame that saved it.  Every slot of the frame with its value
//     is remembered, because the right one is among them.  BP is ignored if it cannot be the
//     address of a frame, because then no frame is found through it.
//   - The words that ended the walk, unless the number of frames did, are just above the last
//     frame.
// A walk that does not fit this is not remembered: if a return slot has another value, or there is
// a signal frame, a large frame, or a part of the stack that cannot be read.
//
// Known imperfections: a frame whose canonical address is itself in memory (a realigned stack), or
// that is larger than the few words that are noted above the last one, can change without notice if
// the program writes into its own frames; --merge-recursive-frames hides frames from the check.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/stacks/stacks.h"

#include <new>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/base/unwinding_cache.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::stacks {

namespace {

// ---- stacks by number ---------------------------------------------------------------------------

// Every global here is constinit, because a Valgrind tool never runs dynamic initialisers, and
// gives no diagnostic.  If your build fails because of it, make the constructor constexpr or the
// memory raw.
constinit ExeContext** g_contexts = nullptr;  // by StackId
constinit std::size_t g_context_capacity = 0;

// Valgrind numbers its contexts 4, 8, 12, ...: a quarter of that is dense.
StackId number_of(ExeContext* context) {
  const std::size_t number = VG_(get_ECU_from_ExeContext)(context) / 4;
  if (number >= g_context_capacity) {
    const std::size_t capacity = 2 * number + 64;
    auto* grown = static_cast<ExeContext**>(
        VG_(realloc)("pmemcheck.stacks", g_contexts, capacity * sizeof(ExeContext*)));
    VG_(memset)(grown + g_context_capacity, 0, (capacity - g_context_capacity) * sizeof *grown);
    g_contexts = grown;
    g_context_capacity = capacity;
  }
  g_contexts[number] = context;
  return stack_id::of_program(number);
}

// Stacks that end in the kernel; they have their own indices.
struct KernelStack {
  ExeContext* context;
  KernelPart part;
};
constinit Vector<KernelStack>* g_kernel_stacks = nullptr;
constinit HashMap<std::uint32_t>* g_kernel_numbers = nullptr;  // index + 1, by context and part

StackId with_kernel(StackId stack, KernelPart part) {
  if (g_kernel_stacks == nullptr) {
    g_kernel_stacks =
        ::new (host_allocate(sizeof *g_kernel_stacks, "kernel stacks")) Vector<KernelStack>;
    g_kernel_numbers =
        ::new (host_allocate(sizeof *g_kernel_numbers, "kernel stacks")) HashMap<std::uint32_t>;
  }
  const std::uint64_t key = std::uint64_t{stack_id::bits(stack)} << 32 | static_cast<UInt>(part);
  std::uint32_t& number = g_kernel_numbers->get(key);
  if (number == 0) {
    g_kernel_stacks->push_back(KernelStack{context_of(stack), part});
    number = static_cast<std::uint32_t>(g_kernel_stacks->size());
  }
  return stack_id::of_kernel(number - 1);
}

// RETURNS: the record, or null if the stack does not end in the kernel.
const KernelStack* kernel_stack(StackId stack) {
  return stack_id::is_kernel(stack) ? &(*g_kernel_stacks)[stack_id::index(stack)] : nullptr;
}

// ---- remembered unwindings ----------------------------------------------------------------------

constexpr Addr kMaxFrameBytes = 8192;  // a walk that needs a larger one searched is not remembered

UWord word_at(Addr address) {
  return *reinterpret_cast<const UWord*>(address);
}

constinit UnwindingCache g_unwindings = {};
constinit UInt g_generation = 1;

// The mapping of the stack in use, if it is known.
struct StackMapping {
  Addr begin, end;  // begin == end: not known
  UInt generation;

  bool holds(Addr sp) const { return begin <= sp && sp < end && generation == g_generation; }
  // RETURNS: `bp`, or 0 if an unwinding cannot depend on its value, because it is not an address in
  // the stack and so nothing is read there.  Compilers use the register for other values as well,
  // which change from store to store.
  Addr relevant(Addr bp) const {
    // The address of a frame is computed from it with a small offset.
    constexpr Addr kOffset = 64 * 1024;
    return bp + kOffset >= begin && bp < end + kOffset ? bp : 0;
  }
};
constinit StackMapping g_stack_mapping = {};

// Makes g_stack_mapping the mapping that contains `sp`.  RETURNS: whether there is one.
bool find_stack_mapping(Addr sp) {
  if (g_stack_mapping.holds(sp)) return true;
  const NSegment* segment = VG_(am_find_nsegment)(sp);
  if (segment == nullptr) return false;
  g_stack_mapping = StackMapping{segment->start, segment->end + 1, g_generation};
  return true;
}

// The kind of a frame, as its return address shows.
enum class FrameKind : UInt {
  Plain,
  Main,    // the frames below it are not shown
  Signal,  // a signal handler returns there: the frames below it come from saved registers, not
           // from slots that we know
};
struct KnownReturn {
  Addr address;
  UInt generation;
  FrameKind kind;
};
constexpr UInt kKnownReturns = 1024;
constinit KnownReturn g_known_returns[kKnownReturns] = {};

// RETURNS: whether `address` has mov $15, %rax; syscall, or cannot be read.
bool is_signal_return(Addr address) {
  constexpr UChar kSigreturn[] = {0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05};
  if (!VG_(am_is_valid_for_client)(address, sizeof kSigreturn, VKI_PROT_READ)) return true;
  return VG_(memcmp)(reinterpret_cast<const void*>(address), kSigreturn, sizeof kSigreturn) == 0;
}

bool is_in_main(Addr address) {
  const DiEpoch now = VG_(current_DiEpoch)();
  return VG_(get_fnname_kind_from_IP)(now, address - 1) == Vg_FnNameMain;
}

FrameKind kind_of(Addr return_address) {
  KnownReturn& known = g_known_returns[return_address % kKnownReturns];
  if (known.address != return_address || known.generation != g_generation) {
    const FrameKind kind = is_signal_return(return_address) ? FrameKind::Signal
                           : is_in_main(return_address)     ? FrameKind::Main
                                                            : FrameKind::Plain;
    known = KnownReturn{return_address, g_generation, kind};
  }
  return known.kind;
}

// A walk up the stack, as Valgrind reports it: frame i is at ips[i], and its registers are sps[i]
// and bps[i].
struct Walk {
  Addr ips[kMaxFrames], sps[kMaxFrames], bps[kMaxFrames];
  UInt frames;

  // Valgrind's IPs of callers point to the last byte of the call.
  UWord return_address(UInt i) const { return ips[i] + 1; }

  // Drops the frames below the outermost main, which are not shown.  RETURNS: whether there is a
  // main.
  bool cut_at_main() {
    for (UInt i = frames; i > 0; i--)
      if (kind_of(return_address(i - 1)) == FrameKind::Main) {
        frames = i;
        return true;
      }
    return false;
  }
  // RETURNS: the address just past the highest word that is known to have been read.
  Addr end() const { return sps[frames - 1]; }
  // Notes the slots of frame `i - 1` from which frame `i` was found.  RETURNS: whether all are
  // known.
  bool note_slots(UInt i, Unwinding& u) const {
    const Addr return_slot = sps[i] - sizeof(UWord);
    if (return_slot < sps[i - 1] || sps[i] > end()) return false;
    if (word_at(return_slot) != return_address(i)) return false;
    if (kind_of(return_address(i)) == FrameKind::Signal) return false;
    if (!u.add(return_slot, return_address(i))) return false;

    const bool may_be_a_frame = sps[i] <= bps[i] && bps[i] < end();
    if (!may_be_a_frame) return true;
    if (sps[i] - sps[i - 1] > kMaxFrameBytes) return false;
    for (Addr a = sps[i - 1]; a < return_slot; a += sizeof(UWord))
      if (word_at(a) == bps[i] && !u.add(a, bps[i])) return false;
    return true;
  }
  // Notes the words that may have ended the walk.  RETURNS: whether there was room for them.
  bool note_end(Unwinding& u) const {
    constexpr Addr kBytes = 8 * sizeof(UWord);
    // Words that cannot be read did not end it by their values.
    if (!VG_(am_is_valid_for_client)(end(), kBytes, VKI_PROT_READ)) return true;
    for (Addr a = end(); a < end() + kBytes; a += sizeof(UWord))
      if (!u.add(a, word_at(a))) return false;
    return true;
  }
};

enum class WalkEnd { AtMain, AtMostFrames, Elsewhere };

// Adds the slots of the walk to `u`.  RETURNS: whether everything that the walk depends on is
// known.
bool note_walk(const Walk& walk, WalkEnd end, Unwinding& u) {
  if (walk.end() < walk.sps[0]) return false;
  const SizeT bytes = walk.end() - walk.sps[0];
  if (bytes != 0 && !VG_(am_is_valid_for_client)(walk.sps[0], bytes, VKI_PROT_READ)) return false;
  for (UInt i = 1; i < walk.frames; i++)
    if (!walk.note_slots(i, u)) return false;
  return end != WalkEnd::Elsewhere || walk.note_end(u);
}

// Unwinds from `start` and remembers the unwinding if it can.  `known_ip` is the IP that Valgrind
// has for the thread.
const Unwinding& unwind_anew(const UnwindingStart& start, Addr known_ip) {
  Walk walk;
  const UInt most_frames = static_cast<UInt>(VG_(clo_backtrace_size));
  walk.frames = VG_(get_StackTrace)(start.thread, walk.ips, most_frames, walk.sps, walk.bps,
                                    static_cast<Word>(start.ip - known_ip));
  WalkEnd end = walk.frames == most_frames ? WalkEnd::AtMostFrames : WalkEnd::Elsewhere;
  if (!VG_(clo_show_below_main) && walk.cut_at_main()) end = WalkEnd::AtMain;
  Unwinding& u = g_unwindings.replace(start);
  u.stack = number_of(VG_(make_ExeContext_from_StackTrace)(walk.ips, walk.frames));
  if (note_walk(walk, end, u)) g_unwindings.remember(u);
  return u;
}

// RETURNS: the stack of `thread`, from these registers; valid until the next call.  `known_ip` is
// the IP that Valgrind has for the thread.
const Unwinding& unwind(ThreadId thread, Addr ip, Addr sp, Addr bp, Addr known_ip) {
  if (find_stack_mapping(sp)) bp = g_stack_mapping.relevant(bp);
  const UnwindingStart start{ip, sp, bp, thread, g_generation};
  const Unwinding* known = g_unwindings.find(start, word_at);
  return known != nullptr ? *known : unwind_anew(start, known_ip);
}

// RETURNS: the stack of `thread`, which executes the instruction at `ip`.  VEX does not update RIP
// when it follows a jump within a translation, so the unwinding starts from `ip` instead.
[[gnu::noinline]] const Unwinding& look_up_here(ThreadId thread, const VexGuestAMD64State& state,
                                                Addr ip) {
  return unwind(thread, ip, state.guest_RSP, state.guest_RBP, state.guest_RIP);
}

// RETURNS: what look_up_here() returns; fast if that is the unwinding that was found last from
// there.  Runs for every store, so it is short and makes no calls except a tail call.
[[gnu::always_inline]] inline const Unwinding&
unwind_here(ThreadId thread, const VexGuestAMD64State& state, Addr ip) {
  const Addr sp = state.guest_RSP;
  if (g_stack_mapping.holds(sp)) {
    const Addr bp = g_stack_mapping.relevant(state.guest_RBP);
    const UnwindingStart start{ip, sp, bp, thread, g_generation};
    if (const Unwinding* known = g_unwindings.find_last(start, word_at)) return *known;
  }
  return look_up_here(thread, state, ip);
}

}  // namespace

ExeContext* context_of(StackId stack) {
  if (const KernelStack* kernel = kernel_stack(stack)) return kernel->context;
  const std::size_t number = stack_id::bits(stack);
  PM_CHECK(number < g_context_capacity && g_contexts[number] != nullptr);
  return g_contexts[number];
}

StackId here(ThreadId thread, const VexGuestAMD64State& state, Addr ip) {
  return unwind_here(thread, state, ip).stack;
}

void of_run(ThreadId thread, const VexGuestAMD64State& state, const StoreRun& run,
            RunStacks& known) {
  const Unwinding& first = unwind_here(thread, state, run.stores[0].site.ip());
  const ULong serial = first.serial;
  if (serial != 0 && known.serial == serial) return;
  known.stacks[0] = first.stack;
  bool all_follow = true;
  for (UInt i = 1; i < run.count; i++) {
    const Unwinding& u = look_up_here(thread, state, run.stores[i].site.ip());
    known.stacks[i] = u.stack;
    // `first` may have been replaced meanwhile.
    all_follow = all_follow && first.serial == serial && u.follows_from(first);
  }
  known.serial = all_follow ? serial : 0;
}

KernelPart kernel_part_of(StackId stack) {
  const KernelStack* kernel = kernel_stack(stack);
  return kernel != nullptr ? kernel->part : KernelPart::None;
}

StackId of_system_call(ThreadId thread, UInt number) {
  return with_kernel(of_thread(thread), KernelPart{number});
}

StackId of_signal(ThreadId thread) {
  return with_kernel(of_thread(thread), KernelPart::Signal);
}

StackId of_thread(ThreadId thread) {
  const Addr ip = VG_(get_IP)(thread);
  Addr bp = 0;
  VG_(get_shadow_regs_area)
  (thread, reinterpret_cast<UChar*>(&bp), 0, offsetof(VexGuestAMD64State, guest_RBP), sizeof bp);
  return unwind(thread, ip, VG_(get_SP)(thread), bp, ip).stack;
}

void forget_unwindings() {
  g_generation++;
}

}  // namespace pmemcheck::stacks
