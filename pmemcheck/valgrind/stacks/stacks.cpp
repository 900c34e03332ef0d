// stacks.cpp: see stacks.h.
//
// An unwinding starts from three registers (IP, SP, BP) and reads stack slots: each frame's return
// address, and the caller's BP where a frame saved it.  Everything else that it depends on, the
// unwind information, is fixed for a given IP until code is mapped or unmapped.  So the same
// registers and the same values in the slots that it read give the same stack.
//
// Valgrind does not say which slots it read.  They are found again:
//   - The return address of a frame lies just below the frame's canonical address, which is the
//     caller's SP.
//   - A saved BP lies somewhere in the frame that saved it: every slot of the frame with that value
//     is remembered, the true one is among them.  BP is of no interest where it cannot be the
//     address of a frame, for then no caller's frame is found by it.
//   - What ended the walk, if not the number of frames, lies just above the last frame.
// What does not fit is not remembered: a frame whose slot holds something else, a signal frame,
// stacks that are not readable from end to end, large frames.
//
// Known imperfections: a frame whose canonical address is itself kept in memory (a realigned
// stack), or that is larger than the few words looked at above the last one, can be changed behind
// our back by a program that writes into its own frames; --merge-recursive-frames hides frames from
// the check.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/stacks/stacks.h"

#include <algorithm>
#include <new>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::stacks {

namespace {

// ---- stacks by number ---------------------------------------------------------------------------

// Every global here is constinit: dynamic initialisers never run in a Valgrind tool, without any
// diagnostic.  If your build fails because of it, make the constructor constexpr or the memory raw.
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
  return StackId{static_cast<std::uint32_t>(number)};
}

// Stacks with the kernel on top, numbered on their own.
struct KernelStack {
  ExeContext* context;
  KernelPart part;
};
constexpr std::uint32_t kKernel = 0x4000'0000;  // in a StackId: the rest is an index
constinit Vector<KernelStack>* g_kernel_stacks = nullptr;
constinit HashMap<std::uint32_t>* g_kernel_numbers = nullptr;  // index + 1, by context and part

StackId with_kernel(StackId stack, KernelPart part) {
  if (g_kernel_stacks == nullptr) {
    g_kernel_stacks =
        ::new (host_allocate(sizeof *g_kernel_stacks, "kernel stacks")) Vector<KernelStack>;
    g_kernel_numbers =
        ::new (host_allocate(sizeof *g_kernel_numbers, "kernel stacks")) HashMap<std::uint32_t>;
  }
  const std::uint64_t key =
      std::uint64_t{static_cast<std::uint32_t>(stack)} << 32 | static_cast<UInt>(part);
  std::uint32_t& number = g_kernel_numbers->get(key);
  if (number == 0) {
    g_kernel_stacks->push_back(KernelStack{context_of(stack), part});
    number = static_cast<std::uint32_t>(g_kernel_stacks->size());
  }
  return StackId{kKernel | (number - 1)};
}

// RETURNS: the record, or null for a stack that the kernel has no part in.
const KernelStack* kernel_stack(StackId stack) {
  const auto number = static_cast<std::uint32_t>(stack);
  return (number & kKernel) != 0 ? &(*g_kernel_stacks)[number & ~kKernel] : nullptr;
}

// ---- remembered unwindings ----------------------------------------------------------------------

constexpr UInt kMaxSlots = 40;         // a deeper unwinding is not remembered
constexpr Addr kMaxFrameBytes = 8192;  // nor is one that needs a larger frame to be searched

UWord word_at(Addr address) {
  return *reinterpret_cast<const UWord*>(address);
}

struct Slot {
  Addr address;
  UWord value;
  bool operator==(const Slot&) const = default;
};

// Where an unwinding starts.
struct Start {
  Addr ip, sp, bp;
  ThreadId thread;
  UInt generation;
  bool operator==(const Start&) const = default;

  ULong hash() const {
    return (ip ^ sp << 20 ^ bp << 40 ^ ULong{thread} << 10 ^ generation) * 0x9e3779b97f4a7c15u;
  }
};

struct Unwinding {
  Start start;
  ULong serial;  // no two that are remembered have the same; 0: this one is not remembered
  StackId stack;
  UInt used;  // 0 .. kMaxSlots
  Slot slots[kMaxSlots];

  bool add(Addr address, UWord value) {
    if (used == kMaxSlots) return false;
    slots[used++] = Slot{address, value};
    return true;
  }
  // Begins with the outermost frames: where functions are called from many places, by different
  // lines of one caller, it is there that the stacks differ.
  bool still_holds() const {
    for (UInt i = used; i > 0; i--)
      if (word_at(slots[i - 1].address) != slots[i - 1].value) return false;
    return true;
  }
  // RETURNS: whether this holds whenever `other` does, from the same registers but IP.
  bool follows_from(const Unwinding& other) const {
    const auto is_in_other = [&](const Slot& slot) {
      return std::find(other.slots, other.slots + other.used, slot) != other.slots + other.used;
    };
    return serial != 0 && other.serial != 0 && std::all_of(slots, slots + used, is_in_other);
  }
};

// Unwindings from the same start stand in one set: one for each way in which the program comes to
// the same depth of the stack.
constexpr UInt kWays = 16;
constexpr UInt kSets = 512;
struct Set {
  UInt tags[kWays];  // of the start's hash; 0: nothing is remembered
  UInt found;        // the way that was found last, 0 .. kWays - 1
  UInt next;         // to be replaced, so too
  Unwinding ways[kWays];

  static Set& of(ULong hash);
  static UInt tag(ULong hash) { return static_cast<UInt>(hash >> 8) | 1; }

  // RETURNS: the unwinding found last, if it is from `start` and still holds, or null.
  const Unwinding* find_again(const Start& start) const {
    const Unwinding& last = ways[found];
    return last.serial != 0 && last.start == start && last.still_holds() ? &last : nullptr;
  }
  // RETURNS: an unwinding from `start` that still holds, or null.
  const Unwinding* find(UInt tag, const Start& start) {
    for (UInt way = 0; way < kWays; way++) {
      if (tags[way] != tag || ways[way].start != start || !ways[way].still_holds()) continue;
      found = way;
      return &ways[way];
    }
    return nullptr;
  }
};
constinit Set g_sets[kSets] = {};
constinit UInt g_generation = 1;
constinit ULong g_serial = 0;  // of the last that was remembered

Set& Set::of(ULong hash) {
  return g_sets[hash >> 55];
}
static_assert(kSets == 1u << (64 - 55));

// The mapping that holds the stack in use, as far as is known.
struct StackMapping {
  Addr begin, end;  // begin == end: nothing is known
  UInt generation;

  bool holds(Addr sp) const { return begin <= sp && sp < end && generation == g_generation; }
  // RETURNS: `bp` where an unwinding can depend on its value, or 0.  It cannot where that is no
  // address in the stack: nothing is read there, whatever it is.  Compilers use the register for
  // other things, and then it changes from store to store.
  Addr relevant(Addr bp) const {
    // A frame's address is computed from it with a small offset.
    constexpr Addr kOffset = 64 * 1024;
    return bp + kOffset >= begin && bp < end + kOffset ? bp : 0;
  }
};
constinit StackMapping g_stack_mapping = {};

// RETURNS: whether it is the mapping that holds `sp` now.
bool find_stack_mapping(Addr sp) {
  if (g_stack_mapping.holds(sp)) return true;
  const NSegment* segment = VG_(am_find_nsegment)(sp);
  if (segment == nullptr) return false;
  g_stack_mapping = StackMapping{segment->start, segment->end + 1, g_generation};
  return true;
}

// What a frame is, by its return address.
enum class FrameKind : UInt {
  Plain,
  Main,    // what is below it is not shown
  Signal,  // a signal handler returns there: what lies beyond comes from the saved registers, not
           // from slots that we know
};
struct KnownReturn {
  Addr address;
  UInt generation;
  FrameKind kind;
};
constexpr UInt kKnownReturns = 1024;
constinit KnownReturn g_known_returns[kKnownReturns] = {};

// RETURNS: whether mov $15, %rax; syscall stands at `address`, or nothing that can be read.
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

// A walk up the stack, as Valgrind tells it: frame i is at ips[i], and sps[i] and bps[i] are its
// registers.
struct Walk {
  Addr ips[kMaxFrames], sps[kMaxFrames], bps[kMaxFrames];
  UInt frames;

  // Valgrind's IPs of callers point to the last byte of the call.
  UWord return_address(UInt i) const { return ips[i] + 1; }

  // Leaves out what lies below main, the outermost if there are several: nobody is shown it.
  // RETURNS: whether there is a main.
  bool cut_at_main() {
    for (UInt i = frames; i > 0; i--)
      if (kind_of(return_address(i - 1)) == FrameKind::Main) {
        frames = i;
        return true;
      }
    return false;
  }
  // The highest address that is known to have been read, less one word.
  Addr end() const { return sps[frames - 1]; }
  // Notes the slots that frame `i - 1` gave frame `i`.  RETURNS: false if they are not all known.
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
  // Notes what may have ended the walk.  RETURNS: false if there is no room for it.
  bool note_end(Unwinding& u) const {
    constexpr Addr kBytes = 8 * sizeof(UWord);
    // What cannot be read did not end it by its value.
    if (!VG_(am_is_valid_for_client)(end(), kBytes, VKI_PROT_READ)) return true;
    for (Addr a = end(); a < end() + kBytes; a += sizeof(UWord))
      if (!u.add(a, word_at(a))) return false;
    return true;
  }
};

enum class WalkEnd { AtMain, AtMostFrames, Elsewhere };

// Fills `u` in.  RETURNS: whether all that the walk depends on is known.
bool note_walk(const Walk& walk, WalkEnd end, Unwinding& u) {
  if (walk.end() < walk.sps[0]) return false;
  const SizeT bytes = walk.end() - walk.sps[0];
  if (bytes != 0 && !VG_(am_is_valid_for_client)(walk.sps[0], bytes, VKI_PROT_READ)) return false;
  for (UInt i = 1; i < walk.frames; i++)
    if (!walk.note_slots(i, u)) return false;
  return end != WalkEnd::Elsewhere || walk.note_end(u);
}

// RETURNS: the unwinding from `start`, made; Valgrind believes that the thread's IP is `known_ip`.
const Unwinding& unwind_anew(const Start& start, Set& set, UInt tag, Addr known_ip) {
  Walk walk;
  const UInt most_frames = static_cast<UInt>(VG_(clo_backtrace_size));
  walk.frames = VG_(get_StackTrace)(start.thread, walk.ips, most_frames, walk.sps, walk.bps,
                                    static_cast<Word>(start.ip - known_ip));
  WalkEnd end = walk.frames == most_frames ? WalkEnd::AtMostFrames : WalkEnd::Elsewhere;
  if (!VG_(clo_show_below_main) && walk.cut_at_main()) end = WalkEnd::AtMain;
  const UInt way = set.next;
  set.next = (set.next + 1) % kWays;
  Unwinding& u = set.ways[way];
  u.start = start;
  u.stack = number_of(VG_(make_ExeContext_from_StackTrace)(walk.ips, walk.frames));
  u.used = 0;
  const bool is_known = note_walk(walk, end, u);
  u.serial = is_known ? ++g_serial : 0;
  set.tags[way] = is_known ? tag : 0;
  return u;
}

// RETURNS: the stack of `thread`, from these registers, good until the next call; Valgrind believes
// that its IP is `known_ip`.
const Unwinding& unwind(ThreadId thread, Addr ip, Addr sp, Addr bp, Addr known_ip) {
  if (find_stack_mapping(sp)) bp = g_stack_mapping.relevant(bp);
  const Start start{ip, sp, bp, thread, g_generation};
  const ULong hash = start.hash();
  Set& set = Set::of(hash);
  const UInt tag = Set::tag(hash);
  const Unwinding* known = set.find(tag, start);
  return known != nullptr ? *known : unwind_anew(start, set, tag, known_ip);
}

// RETURNS: the stack of `thread`, which executes the instruction at `ip`.  VEX leaves RIP behind
// after a jump that it followed, so unwinding begins at `ip` instead.
[[gnu::noinline]] const Unwinding& look_up_here(ThreadId thread, const VexGuestAMD64State& state,
                                                Addr ip) {
  return unwind(thread, ip, state.guest_RSP, state.guest_RBP, state.guest_RIP);
}

// RETURNS: the same, quick if it is the one that was found last from there.  This is on the way of
// every store: it is short, and calls nothing but where it ends.
[[gnu::always_inline]] inline const Unwinding&
unwind_here(ThreadId thread, const VexGuestAMD64State& state, Addr ip) {
  const Addr sp = state.guest_RSP;
  if (g_stack_mapping.holds(sp)) {
    const Start start{ip, sp, g_stack_mapping.relevant(state.guest_RBP), thread, g_generation};
    if (const Unwinding* known = Set::of(start.hash()).find_again(start)) return *known;
  }
  return look_up_here(thread, state, ip);
}

}  // namespace

ExeContext* context_of(StackId stack) {
  if (const KernelStack* kernel = kernel_stack(stack)) return kernel->context;
  const auto number = static_cast<std::size_t>(stack);
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
    // The first may have been replaced.
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
