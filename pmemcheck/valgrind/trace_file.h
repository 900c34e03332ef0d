// trace_file.h: the file of --trace, and what goes wrong with it.
//
// Floor 4.  Tested in regtest/cases/explore/test_recording.py.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/sink.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::trace {

class TraceFile {
 public:
  // Makes the file of the option --trace, %p in it being this process.  RETURNS: whether it could.
  bool open();
  // RETURNS: whether the name is another one for every process.
  static bool is_named_by_process();
  void close();
  bool is_open() const { return descriptor_ >= 0; }
  // The first time that writing fails it says so, and closes the file.
  Sink sink() { return Sink(write, this); }
  const HChar* name() const { return name_; }

 private:
  static void write(void* self, std::string_view bytes);

  Int descriptor_ = -1;
  HChar* name_ = nullptr;
};

}  // namespace pmemcheck::trace
