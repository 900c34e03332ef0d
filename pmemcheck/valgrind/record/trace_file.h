// trace_file.h: the file of --trace, and what goes wrong with it.
//
// The program must not meet the file's descriptor, and a program that it becomes must not inherit
// it.  So it lies among those that the core keeps from the program.  Only the core can have a
// descriptor closed by exec: before one the file is closed, and opened again if it fails.
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
  // Makes the file of the option --trace, %p in it being this process.  RETURNS: null, or why it
  // could not: words that go behind the name.
  const HChar* open();
  // RETURNS: whether the name is another one for every process.
  static bool is_named_by_process();
  void close();
  bool is_open() const { return descriptor_ >= 0; }
  // Closes the file until resume().
  void suspend();
  // If suspend() closed the file, opens it again, to write on at its end.  Where that fails, or the
  // name is another file's by now, it says so, and the file stays closed.
  void resume();
  // The first time that writing fails it says so, and closes the file.
  Sink sink() { return Sink(write, this); }
  const HChar* name() const { return name_; }

 private:
  static void write(void* self, std::string_view bytes);
  // RETURNS: whether the file was opened, and its descriptor is out of the program's way.
  bool keep(SysRes opened);
  // Closes the file, and says that the trace ends here, as it `cannot` be ...
  void give_up(std::string_view cannot);

  Int descriptor_ = -1;
  bool is_suspended_ = false;
  FileId id_ = {};  // of the file that was opened last
  HChar* name_ = nullptr;
};

}  // namespace pmemcheck::trace
