// output.h: Sinks onto Valgrind's output.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "pmemcheck/base/sink.h"

namespace pmemcheck::output {

// The log: every line gets Valgrind's "==pid== ".  What log_stores wrote there ends its line first,
// so ask for the sink when there is something to write.
Sink log();
// The same for the store log itself.
Sink unpaused_log();
// Whoever gave the monitor command that is being answered: gdb or vgdb.  Lines have no prefix.
Sink gdb();
// Standard output, as it is: for --help.
Sink plain();
// The XML document.  REQUIRES: --xml=yes.
Sink xml();

// Text in memory, cut off where it is full, and always ended by a 0.  `bytes` counts that too.
class Buffer {
 public:
  Buffer(char* text, std::size_t bytes) : text_(text), bytes_(bytes) { text_[0] = 0; }
  Sink sink() { return Sink(append, this); }

 private:
  static void append(void* self, std::string_view text);

  char* text_;
  std::size_t bytes_;
  std::size_t used_ = 0;  // 0 .. bytes_ - 1
};

}  // namespace pmemcheck::output
