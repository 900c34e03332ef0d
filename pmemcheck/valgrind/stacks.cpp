// stacks.cpp: see stacks.h.
//
// An unwinding starts from three registers (IP, SP, BP) and reads stack slots: each frame's return
// address, and the caller's BP where a frame saved it.  Everything else that it depends on, the
// unwind information, is fixed for a given IP until code is mapped or unmapped.  So the same
// registers and the same values in the slots that it read give the same stack.
//
// Valgrind does not say which slots it read.  The return address of a frame lies just below the
// frame's canonical address, which is the caller's SP; if that slot does not hold it (a signal
// frame), the unwinding is not remembered.  A saved BP lies somewhere in the frame that saved it:
// every slot of the frame with that value is remembered, the true one is among them.  BP is of no
// interest where it cannot be the address of a frame, for then no caller's frame is found by it.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/stacks.h"

#include <string_view>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/format.h"
#include "pmemcheck/base/vector.h"
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

ExeContext* context_of(StackId stack) {
  const auto number = static_cast<std::size_t>(stack);
  PM_CHECK(number < g_context_capacity && g_contexts[number] != nullptr);
  return g_contexts[number];
}

// ---- remembered unwindings ----------------------------------------------------------------------

constexpr UInt kMaxFrames = 500;       // --num-callers goes no further
constexpr UInt kMaxSlots = 32;         // a deeper unwinding is not remembered
constexpr Addr kMaxFrameBytes = 8192;  // nor is one that needs a larger frame to be searched

struct Slot {
  Addr address;
  UWord value;
};

struct Unwinding {
  Addr ip, sp, bp;
  StackId stack;  // None: nothing is remembered here
  UInt generation;
  UInt used;  // 0 .. kMaxSlots
  Slot slots[kMaxSlots];

  bool add(Addr address, UWord value) {
    if (used == kMaxSlots) return false;
    slots[used++] = Slot{address, value};
    return true;
  }
  bool still_holds() const {
    for (UInt i = 0; i < used; i++)
      if (*reinterpret_cast<const UWord*>(slots[i].address) != slots[i].value) return false;
    return true;
  }
};

constexpr UInt kUnwindings = 4096;
constinit Unwinding g_unwindings[kUnwindings] = {};
constinit UInt g_generation = 1;

Unwinding& unwinding_for(Addr ip, Addr sp, Addr bp) {
  const ULong mixed = (ip ^ sp << 20 ^ bp << 40) * 0x9e3779b97f4a7c15u;
  return g_unwindings[mixed >> 52];
}
static_assert(kUnwindings == 1u << (64 - 52));

// Notes the slots that frame `i - 1` gave frame `i`.  RETURNS: false if they are not all known.
bool note_slots(Unwinding& u, const Addr* ips, const Addr* sps, const Addr* bps, UInt i,
                Addr stack_end) {
  const Addr return_slot = sps[i] - sizeof(UWord);
  if (return_slot < sps[i - 1] || sps[i] > stack_end) return false;
  const UWord return_address = ips[i] + 1;  // Valgrind's IPs of callers point into the call
  if (*reinterpret_cast<const UWord*>(return_slot) != return_address) return false;
  if (!u.add(return_slot, return_address)) return false;

  const bool may_be_a_frame = sps[i] <= bps[i] && bps[i] < stack_end;
  if (!may_be_a_frame) return true;
  if (sps[i] - sps[i - 1] > kMaxFrameBytes) return false;
  for (Addr a = sps[i - 1]; a < return_slot; a += sizeof(UWord))
    if (*reinterpret_cast<const UWord*>(a) == bps[i] && !u.add(a, bps[i])) return false;
  return true;
}

}  // namespace

StackId here(const VexGuestAMD64State& state, Addr ip) {
  const Addr sp = state.guest_RSP;
  const Addr bp = state.guest_RBP;
  Unwinding& u = unwinding_for(ip, sp, bp);
  if (u.stack != StackId::None && u.ip == ip && u.sp == sp && u.bp == bp &&
      u.generation == g_generation && u.still_holds())
    return u.stack;

  Addr ips[kMaxFrames], sps[kMaxFrames], bps[kMaxFrames];
  const UInt wanted = static_cast<UInt>(VG_(clo_backtrace_size));
  // VEX leaves RIP behind after a jump that it followed, so unwinding begins at `ip` instead.
  const Word to_ip = static_cast<Word>(ip - state.guest_RIP);
  const UInt frames = VG_(get_StackTrace)(VG_(get_running_tid)(), ips, wanted, sps, bps, to_ip);
  const StackId stack = number_of(VG_(make_ExeContext_from_StackTrace)(ips, frames));
  // Frames ascend from SP; the highest canonical address bounds all that was read.
  const Addr stack_end = frames > 1 ? sps[frames - 1] : sp;
  u.stack = StackId::None;
  u.ip = ip, u.sp = sp, u.bp = bp;
  u.generation = g_generation;
  u.used = 0;
  for (UInt i = 1; i < frames; i++)
    if (!note_slots(u, ips, sps, bps, i, stack_end)) return stack;
  u.stack = stack;
  return stack;
}

void forget_unwindings() {
  g_generation++;
}

// ---- the same place -----------------------------------------------------------------------------

namespace {

bool contains(std::string_view text, std::string_view word) {
  for (std::size_t i = 0; i + word.size() <= text.size(); i++)
    if (std::string_view(text.data() + i, word.size()) == word) return true;
  return false;
}

// The functions whose stores belong together although they come from many instructions.
enum class Copier { None, Memcpy, Memset };

Copier copier_at(DiEpoch epoch, Addr ip) {
  const HChar* name = nullptr;
  if (!VG_(get_fnname)(epoch, ip, &name)) return Copier::None;
  if (contains(name, "memcpy")) return Copier::Memcpy;
  return contains(name, "memset") ? Copier::Memset : Copier::None;
}

bool same_line(DiEpoch epoch_a, Addr a, DiEpoch epoch_b, Addr b) {
  UInt line_a = 0, line_b = 0;
  if (!VG_(get_linenum)(epoch_a, a, &line_a) || !VG_(get_linenum)(epoch_b, b, &line_b) ||
      line_a != line_b)
    return false;
  const HChar *file = nullptr, *directory = nullptr;
  if (!VG_(get_filename_linenum)(epoch_a, a, &file, &directory, &line_a)) return false;
  HChar* file_a = VG_(strdup)("pmemcheck.same_line", file);
  HChar* directory_a = VG_(strdup)("pmemcheck.same_line", directory);
  const bool same = VG_(get_filename_linenum)(epoch_b, b, &file, &directory, &line_b) &&
                    VG_(strcmp)(file_a, file) == 0 && VG_(strcmp)(directory_a, directory) == 0;
  VG_(free)(file_a);
  VG_(free)(directory_a);
  return same;
}

// Top frames of one copying function lie no further apart than this.
constexpr Addr kCopierBytes = 4096;

// The frames of a context as far down as they are shown, which is to main.
struct Frames {
  explicit Frames(ExeContext* context) : epoch(VG_(get_ExeContext_epoch)(context)) {
    VG_(apply_ExeContext)(add, this, context);
  }
  static void add(UInt, DiEpoch, Addr ip, void* self) {
    auto& frames = *static_cast<Frames*>(self);
    if (frames.count < kMaxFrames) frames.ips[frames.count++] = ip;
  }
  DiEpoch epoch;
  UInt count = 0;
  Addr ips[kMaxFrames];
};

bool compare_places(ExeContext* context_a, ExeContext* context_b) {
  const Frames a(context_a);
  const Frames b(context_b);
  if (a.count == 0 || a.count != b.count) return false;
  for (UInt i = 1; i < a.count; i++)
    if (a.ips[i] != b.ips[i]) return false;
  if (a.ips[0] == b.ips[0]) return true;
  if (same_line(a.epoch, a.ips[0], b.epoch, b.ips[0])) return true;
  const Copier copier = copier_at(a.epoch, a.ips[0]);
  const Addr apart = a.ips[0] < b.ips[0] ? b.ips[0] - a.ips[0] : a.ips[0] - b.ips[0];
  return copier != Copier::None && copier == copier_at(b.epoch, b.ips[0]) && apart <= kCopierBytes;
}

// Answers given before, by pair.  A page of code asks the same few questions again and again.
struct Answer {
  StackId a, b;
  bool same;
};
constexpr UInt kAnswers = 1024;
constinit Answer g_answers[kAnswers] = {};

}  // namespace

bool same_place(StackId a, StackId b) {
  if (a == b) return true;
  const ULong pair = static_cast<ULong>(a) << 32 | static_cast<ULong>(b);
  Answer& answer = g_answers[pair * 0x9e3779b97f4a7c15u >> 54];
  if (answer.a != a || answer.b != b)
    answer = Answer{a, b, compare_places(context_of(a), context_of(b))};
  return answer.same;
}
static_assert(kAnswers == 1u << (64 - 54));

// ---- words --------------------------------------------------------------------------------------

namespace {

struct FrameWriter {
  Formatter out;
  bool at_top = true;

  static void frame(UInt, DiEpoch epoch, Addr ip, void* self) {
    auto& writer = *static_cast<FrameWriter*>(self);
    InlIPCursor* inlined = VG_(new_IIPC)(epoch, ip);
    do {
      writer.out << (writer.at_top ? "   at " : "   by ") << VG_(describe_IP)(epoch, ip, inlined)
                 << "\n";
      writer.at_top = false;
    } while (VG_(next_IIPC)(inlined));
    VG_(delete_IIPC)(inlined);
  }
};

}  // namespace

void write(void*, StackId stack, Sink sink) {
  FrameWriter writer{Formatter(sink)};
  VG_(apply_ExeContext)(FrameWriter::frame, &writer, context_of(stack));
}

}  // namespace pmemcheck::stacks
