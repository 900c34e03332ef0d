// monitor.cpp: see monitor.h.
//
// The core reads each command first.  It passes on "help" and commands that it does not know, and
// refuses those that we do not know either.  Names may be shortened as long as they stay
// unambiguous.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/monitor.h"

#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/findings/reporting.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/run.h"

namespace pmemcheck::monitor {

namespace {

// The arguments of a command, read one after the other.
class Arguments {
 public:
  // `rest`: what VG_(strtok_r) left of the command.
  explicit Arguments(HChar* rest) : rest_(rest) {}
  // RETURNS: the next word, or nullptr.
  const HChar* next() { return VG_(strtok_r)(nullptr, " ", &rest_); }
  // Reads ADDR LEN or ADDR[LEN].  Without LEN, `bytes` is unchanged.
  // RETURNS: whether they could be read; if not, it prints why.
  bool next_range(Addr& address, SizeT& bytes) {
    return VG_(strtok_get_address_and_size)(&address, &bytes, &rest_);
  }

 private:
  HChar* rest_;
};

// ---- the commands -------------------------------------------------------------------------------

void help(Arguments words);
void print_stats(Arguments words);
void print_pmem_regions(Arguments words);
void print_pending(Arguments words);
void set_clean(Arguments words);

struct Command {
  std::string_view name;
  std::string_view arguments;  // as help shows them, with the space before them
  std::string_view does;       // one line
  void (*run)(Arguments words);
};

constexpr Command kCommands[] = {
    {"help", "", "", help},  // the core describes it
    {"print_stats", "", "prints the report, as of now", print_stats},
    {"print_pmem_regions", "", "prints the persistent mappings", print_pmem_regions},
    {"print_pending", "", "prints the stores that are not durable yet", print_pending},
    {"set_clean", " <addr> <len>", "forgets what is not durable yet in the <len> bytes at <addr>",
     set_clean},
};

// The commands' names in the form that VG_(keyword_id) takes: one string, separated by spaces.
struct Names {
  consteval Names() {
    std::size_t used = 0;
    for (const Command& command : kCommands) {
      if (used != 0) text[used++] = ' ';
      for (const char c : command.name) text[used++] = c;
    }
  }
  HChar text[128] = {};
};
constexpr Names kNames;

// RETURNS: whether no argument is left; prints a complaint about one that is.
bool ends(Arguments& words, std::string_view command, std::string_view wanted) {
  const HChar* word = words.next();
  if (word == nullptr) return true;
  Formatter(output::gdb()) << command << ": " << word << ": want " << wanted << "\n";
  return false;
}

constexpr std::string_view kNoArgument = "no argument";

void help(Arguments) {
  // The core reads what follows, as in `help debug`.
  Formatter out(output::gdb());
  out << "\npmemcheck monitor commands:\n";
  for (const Command& command : kCommands)
    if (!command.does.empty())
      out << "  " << command.name << command.arguments << "\n        " << command.does << "\n";
  out << "\n";
}

void print_stats(Arguments words) {
  if (ends(words, "print_stats", kNoArgument)) reporting::write_report(output::gdb());
}

void print_pmem_regions(Arguments words) {
  if (!ends(words, "print_pmem_regions", kNoArgument)) return;
  if (run::machine().pmem().size() == 0)
    output::gdb().write("no persistent mappings\n");
  else
    reporting::write_mappings(output::gdb());
}

void print_pending(Arguments words) {
  if (ends(words, "print_pending", kNoArgument)) reporting::write_pending(output::gdb());
}

void set_clean(Arguments words) {
  constexpr std::string_view kWanted =
      "<addr> <len> or <addr>[<len>], <addr> as 0x..., <len> 1 or more";
  Addr address = 0;
  SizeT bytes = 0;
  if (!words.next_range(address, bytes) || bytes == 0) {
    Formatter(output::gdb()) << "set_clean: want " << kWanted << "\n";
    return;
  }
  if (!ends(words, "set_clean", kWanted)) return;
  const GuestRange range = GuestRange::of(GuestAddr(address), bytes);
  const bool forgotten = events::forgotten(range);
  Formatter(output::gdb()) << Hex{range.begin} << "[" << range.size()
                           << "]: " << (forgotten ? "forgotten" : "nothing outstanding") << "\n";
}

// Carries out `command`, whose text it changes.  RETURNS: whether the command is one of ours.
bool obey(HChar* command) {
  HChar* rest = nullptr;
  const HChar* name = VG_(strtok_r)(command, " ", &rest);
  if (name == nullptr) return false;
  constexpr Int kUnknown = -1;
  constexpr Int kAmbiguous = -2;
  const Int id = VG_(keyword_id)(kNames.text, name, kwd_report_duplicated_matches);
  if (id == kUnknown) return false;
  if (id != kAmbiguous) kCommands[id].run(Arguments(rest));
  return true;
}

}  // namespace

Bool handle(const UWord* arguments, UWord* result) {
  HChar* command = VG_(strdup)("pmemcheck.monitor", reinterpret_cast<const HChar*>(arguments[1]));
  const bool ours = obey(command);
  VG_(free)(command);
  *result = ours ? 1 : 0;
  return ours ? True : False;
}

}  // namespace pmemcheck::monitor
