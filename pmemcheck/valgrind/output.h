// output.h: Sinks onto Valgrind's output.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "pmemcheck/base/sink.h"

namespace pmemcheck::output {

// The log: every line gets Valgrind's "==pid== ".  Ask for the sink when there is something to
// write, because this ends the line that the text log may have begun there.
Sink log();
// The log, for the text log itself.  `end_line` is called before any other output to the log.
Sink log_with_open_lines(void (*end_line)());
// The gdb or vgdb that sent the monitor command.  Lines have no prefix.
Sink gdb();
// Standard output without a prefix, for --help.
Sink plain();
// The XML document.  REQUIRES: --xml=yes.
Sink xml();

// Text in memory that always ends in a 0.  What does not fit into `bytes` bytes, including the 0,
// is cut off.
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
