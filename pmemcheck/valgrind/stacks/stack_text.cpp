// stack_text.cpp: compares stacks and formats them; the rest of stacks.h is in stacks.cpp.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include <new>
#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/stacks/syscall_names.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::stacks {

namespace {

// ---- the same place -----------------------------------------------------------------------------

bool contains(std::string_view text, std::string_view word) {
  for (std::size_t i = 0; i + word.size() <= text.size(); i++)
    if (std::string_view(text.data() + i, word.size()) == word) return true;
  return false;
}

// The functions whose stores form one entry although different instructions make them.
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

// The maximum distance between two top frames of one copying function.
constexpr Addr kCopierBytes = 4096;

// The frames of a context that are shown: those down to main.
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
  // If code was unmapped between the two, the same address may have another meaning.
  if (a.epoch.n != b.epoch.n) return false;
  if (a.count == 0 || a.count != b.count) return false;
  for (UInt i = 1; i < a.count; i++)
    if (a.ips[i] != b.ips[i]) return false;
  if (a.ips[0] == b.ips[0]) return true;
  if (same_line(a.epoch, a.ips[0], b.epoch, b.ips[0])) return true;
  const Copier copier = copier_at(a.epoch, a.ips[0]);
  const Addr apart = a.ips[0] < b.ips[0] ? b.ips[0] - a.ips[0] : a.ips[0] - b.ips[0];
  return copier != Copier::None && copier == copier_at(b.epoch, b.ips[0]) && apart <= kCopierBytes;
}

// Cached results, by pair.  The same few pairs are compared again and again.
struct Answer {
  StackId a, b;
  bool same;
};
constexpr UInt kAnswers = 1024;
constinit Answer g_answers[kAnswers] = {};

}  // namespace

bool same_place(StackId a, StackId b) {
  if (a == b) return true;
  if (a == StackId::Silent || b == StackId::Silent) return false;
  const ULong pair = static_cast<ULong>(a) << 32 | static_cast<ULong>(b);
  Answer& answer = g_answers[pair * 0x9e3779b97f4a7c15u >> 54];
  if (answer.a != a || answer.b != b)
    answer = Answer{a, b,
                    kernel_part_of(a) == kernel_part_of(b) &&
                        compare_places(context_of(a), context_of(b))};
  return answer.same;
}
static_assert(kAnswers == 1u << (64 - 54));

// ---- text ---------------------------------------------------------------------------------------

namespace {

// The number of frames in a report: that of --num-callers, even if more are recorded.
constinit UInt g_shown_frames = 0;

// RETURNS: the address at which the program entered the kernel, which is shown for the kernel's
// part of a stack.
Addr kernel_entered_at(StackId stack) {
  Addr entered_at = 0;
  const auto note_first = [](UInt number, DiEpoch, Addr ip, void* first) {
    if (number == 0) *static_cast<Addr*>(first) = ip;
  };
  VG_(apply_ExeContext)(note_first, &entered_at, context_of(stack));
  return entered_at;
}

template <class Write>
void write_kernel_name(StackId stack, Write write) {
  const KernelPart part = kernel_part_of(stack);
  if (part == KernelPart::Signal) return write("frame of a signal (kernel)");
  const auto number = static_cast<UInt>(part);
  if (const HChar* name = name_of_system_call(number)) {
    write(name);
  } else {
    HChar text[32];
    VG_(snprintf)(text, sizeof text, "number %u", number);
    write(text);
  }
  write(" (system call)");
}

template <class Write>
void write_kernel_part(StackId stack, Write write) {
  if (kernel_part_of(stack) == KernelPart::None) return;
  HChar text[96];
  VG_(snprintf)(text, sizeof text, "0x%lX: ", kernel_entered_at(stack));
  write(text);
  write_kernel_name(stack, write);
}

// Selects the form in which the core describes frames; the default is the form of its own reports.
class DescribeAs {
 public:
  explicit DescribeAs(Bool xml) : before_(VG_(clo_xml)) { VG_(clo_xml) = xml; }
  ~DescribeAs() { VG_(clo_xml) = before_; }
  DescribeAs(const DescribeAs&) = delete;
  DescribeAs& operator=(const DescribeAs&) = delete;

 private:
  Bool before_;
};

// Calls add(text) for a frame and for each frame that is inlined there.
void describe(DiEpoch epoch, Addr ip, Bool as_xml, auto add) {
  const DescribeAs form(as_xml);
  InlIPCursor* inlined = VG_(new_IIPC)(epoch, ip);
  do add(VG_(describe_IP)(epoch, ip, inlined));
  while (VG_(next_IIPC)(inlined));
  VG_(delete_IIPC)(inlined);
}

// Text about a stack, created once.
struct Text {
  Vector<char> text;

  void add(std::string_view more) {
    for (const char c : more) text.push_back(c);
  }
  std::string_view view() const { return {text.begin(), text.size()}; }
};

// The frames of a stack, as in a report.
struct ReportFrames : Text {
  void begin_line() { add(text.is_empty() ? "   at " : "   by "); }
  void kernel_part(StackId stack) {
    if (kernel_part_of(stack) == KernelPart::None) return;
    begin_line();
    write_kernel_part(stack, [&](const HChar* part) { add(part); });
    add("\n");
  }
  static void frame(UInt number, DiEpoch epoch, Addr ip, void* self) {
    if (number >= g_shown_frames) return;
    auto& report = *static_cast<ReportFrames*>(self);
    describe(epoch, ip, False, [&](const HChar* part) {
      report.begin_line();
      report.add(part);
      report.add("\n");
    });
  }
};

// The frames of a stack, as in XML.
struct XmlFrames : Text {
  void kernel_part(StackId stack) {
    if (kernel_part_of(stack) == KernelPart::None) return;
    HChar ip[32];
    VG_(snprintf)(ip, sizeof ip, "0x%lX", kernel_entered_at(stack));
    add("    <frame>\n      <ip>");
    add(ip);
    add("</ip>\n      <fn>");
    write_kernel_name(stack, [&](const HChar* part) { add(part); });
    add("</fn>\n    </frame>\n");
  }
  static void frame(UInt number, DiEpoch epoch, Addr ip, void* self) {
    if (number >= g_shown_frames) return;
    auto& xml = *static_cast<XmlFrames*>(self);
    describe(epoch, ip, True, [&](const HChar* part) {
      xml.add("    ");
      xml.add(part);
      xml.add("\n");
    });
  }
};

// The frames of a stack, as in the log.
struct LogFrames : Text {
  UInt frames = 0;

  void kernel_part(StackId stack) {
    if (kernel_part_of(stack) == KernelPart::None) return;
    add(";");
    write_kernel_part(stack, [&](const HChar* part) { add(part); });
    frames++;
  }
  static void frame(UInt, DiEpoch epoch, Addr ip, void* self) {
    auto& log = *static_cast<LogFrames*>(self);
    if (log.frames++ >= command_line::options().log_stores_stacktraces_depth) return;
    log.add(";");
    const DescribeAs text(False);
    log.add(VG_(describe_IP)(epoch, ip, nullptr));
  }
};

// By StackId; each is created on demand.
constinit HashMap<ReportFrames>* g_report_frames = nullptr;
constinit HashMap<XmlFrames>* g_xml_frames = nullptr;
constinit HashMap<LogFrames>* g_log_frames = nullptr;

// RETURNS: the text about `stack`, created if there is none.
template <class Frames>
std::string_view text_of(HashMap<Frames>& all, StackId stack) {
  Frames& frames = all.get(static_cast<std::uint32_t>(stack));
  if (frames.text.is_empty()) {
    frames.kernel_part(stack);
    VG_(apply_ExeContext)(Frames::frame, &frames, context_of(stack));
  }
  return frames.view();
}

template <class Frames>
HashMap<Frames>* no_texts() {
  return ::new (host_allocate(sizeof(HashMap<Frames>), "text of stacks")) HashMap<Frames>;
}

}  // namespace

void start() {
  g_shown_frames = static_cast<UInt>(VG_(clo_backtrace_size));
  g_report_frames = no_texts<ReportFrames>();
  g_xml_frames = no_texts<XmlFrames>();
  const Options& options = command_line::options();
  if (!options.log_stores || !options.log_stores_stacktraces) return;
  const Int depth = static_cast<Int>(options.log_stores_stacktraces_depth);
  if (depth > VG_(clo_backtrace_size)) VG_(clo_backtrace_size) = depth;
  g_log_frames = no_texts<LogFrames>();
}

std::string_view text(void*, StackId stack) {
  return text_of(*g_report_frames, stack);
}

std::string_view xml(void*, StackId stack) {
  return text_of(*g_xml_frames, stack);
}

std::string_view frames_for_log(StackId stack) {
  return text_of(*g_log_frames, stack);
}

}  // namespace pmemcheck::stacks
