// monitor.cpp: see monitor.h.
//
// The core takes a command first, and hands on what it does not know, and "help".  What we do not
// know either is for the core to refuse.  Names may be cut short as long as they are one command's.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/monitor.h"

#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/valgrind/findings/reporting.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/runtime.h"

namespace pmemcheck::monitor {

namespace {

// The words behind a command's name, one after the other.
class Words {
 public:
  // `rest`: what VG_(strtok_r) left of the command.
  explicit Words(HChar* rest) : rest_(rest) {}
  // RETURNS: the next word, or nullptr.
  const HChar* next() { return VG_(strtok_r)(nullptr, " ", &rest_); }
  // Takes ADDR LEN or ADDR[LEN].  `bytes` stays what it was where there is no LEN.
  // RETURNS: whether they could be read; if not, that is said.
  bool next_range(Addr& address, SizeT& bytes) {
    return VG_(strtok_get_address_and_size)(&address, &bytes, &rest_);
  }

 private:
  HChar* rest_;
};

// ---- the commands -------------------------------------------------------------------------------

void help(Words words);
void print_stats(Words words);
void print_pmem_regions(Words words);
void print_pending(Words words);
void set_clean(Words words);

struct Command {
  std::string_view name;
  std::string_view arguments;  // as help shows them, with the space before them
  std::string_view does;       // one line
  void (*run)(Words words);
};

constexpr Command kCommands[] = {
    {"help", "", "", help},  // the core tells of it
    {"print_stats", "", "prints the report, as of now", print_stats},
    {"print_pmem_regions", "", "prints the persistent mappings", print_pmem_regions},
    {"print_pending", "", "prints the stores that are not durable yet", print_pending},
    {"set_clean", " <addr> <len>", "forgets what is not durable yet of the <len> bytes at <addr>",
     set_clean},
};

// The commands' names as VG_(keyword_id) wants them: one string, a space between them.
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

// RETURNS: whether `words` has no word left; if it has one, that is refused.
bool ends(Words& words, std::string_view command, std::string_view wanted) {
  const HChar* word = words.next();
  if (word == nullptr) return true;
  Formatter(output::gdb()) << command << ": " << word << ": want " << wanted << "\n";
  return false;
}

constexpr std::string_view kNoArgument = "no argument";

void help(Words) {
  // Whatever follows is the core's: `help debug`.
  Formatter out(output::gdb());
  out << "\npmemcheck monitor commands:\n";
  for (const Command& command : kCommands)
    if (!command.does.empty())
      out << "  " << command.name << command.arguments << "\n        " << command.does << "\n";
  out << "\n";
}

void print_stats(Words words) {
  if (ends(words, "print_stats", kNoArgument)) reporting::write_report(output::gdb());
}

void print_pmem_regions(Words words) {
  if (!ends(words, "print_pmem_regions", kNoArgument)) return;
  if (runtime::machine().pmem().size() == 0)
    output::gdb().write("no persistent mappings\n");
  else
    reporting::write_mappings(output::gdb());
}

void print_pending(Words words) {
  if (ends(words, "print_pending", kNoArgument)) reporting::write_pending(output::gdb());
}

void set_clean(Words words) {
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
  const bool forgotten = runtime::machine().set_clean(range);
  Formatter(output::gdb()) << Hex{range.begin} << "[" << range.size()
                           << "]: " << (forgotten ? "forgotten" : "nothing outstanding") << "\n";
}

// RETURNS: whether `command`, which it takes to pieces, is one of ours.
bool obey(HChar* command) {
  HChar* rest = nullptr;
  const HChar* name = VG_(strtok_r)(command, " ", &rest);
  if (name == nullptr) return false;
  constexpr Int kUnknown = -1;
  constexpr Int kAmbiguous = -2;
  const Int id = VG_(keyword_id)(kNames.text, name, kwd_report_duplicated_matches);
  if (id == kUnknown) return false;
  if (id != kAmbiguous) kCommands[id].run(Words(rest));
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
