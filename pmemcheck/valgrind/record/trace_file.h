// trace_file.h: opens, writes and closes the file of --trace, and handles its errors.
//
// The program must not be able to use the file's descriptor, so it is one of those that the core
// reserves for itself.  A program that this one executes must not inherit it.  Only the core can
// mark a descriptor as closed by exec, so the file is closed before an exec, and opened again if
// that fails.
//
// Floor 4.  Tested in regtest/cases/explore/test_descriptors.py and test_recording.py.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/sink.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::trace {

class TraceFile {
 public:
  // Makes the file that --trace names, with %p replaced by the process id.
  // RETURNS: null, or the reason for the failure, as text that continues the file's name.
  const HChar* open();
  // RETURNS: whether each process has a file name of its own.
  static bool is_named_by_process();
  void close();
  bool is_open() const { return descriptor_ >= 0; }
  // Closes the file until resume().
  void suspend();
  // If suspend() closed the file, opens it again, to continue at its end.  If that fails, or the
  // name belongs to another file by now, it prints a warning and the file stays closed.
  void resume();
  // When writing fails, the sink prints a warning and closes the file.
  Sink sink() { return Sink(write, this); }
  const HChar* name() const { return name_; }

 private:
  static void write(void* self, std::string_view bytes);
  // Moves the opened file to a descriptor that the program cannot use.  RETURNS: whether that
  // succeeded.
  bool keep(SysRes opened);
  // Closes the file and prints that the trace ends here, because the file cannot be `verb`.
  void give_up(std::string_view verb);

  Int descriptor_ = -1;
  bool is_suspended_ = false;
  FileId id_ = {};  // of the file that was opened last
  HChar* name_ = nullptr;
};

}  // namespace pmemcheck::trace
