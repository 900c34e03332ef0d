// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/trace_file.h"

#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/output.h"

// The core's own way of keeping a descriptor from the program: it moves it beyond those that the
// program may have, and closes it on exec.  Not in the tools' headers; the same from 3.15 on.
extern "C" Int VG_(safe_fd)(Int descriptor);

namespace pmemcheck::trace {

bool TraceFile::open() {
  VG_(free)(name_);
  // The option's text is the end of an argument, and so ends in a 0.
  name_ = VG_(expand_file_name)("--trace", command_line::options().trace.data());
  const SysRes opened = VG_(open)(name_, VKI_O_CREAT | VKI_O_TRUNC | VKI_O_WRONLY, 0666);
  if (sr_isError(opened)) return false;
  descriptor_ = VG_(safe_fd)(static_cast<Int>(sr_Res(opened)));
  return is_open();
}

bool TraceFile::is_named_by_process() {
  const std::string_view name = command_line::options().trace;
  for (std::size_t i = 0; i + 1 < name.size(); i++) {
    if (name[i] != '%') continue;
    if (name[i + 1] == 'p') return true;
    i++;  // %% is no beginning
  }
  return false;
}

void TraceFile::close() {
  if (is_open()) VG_(close)(descriptor_);
  descriptor_ = -1;
}

void TraceFile::write(void* self, std::string_view bytes) {
  auto& file = *static_cast<TraceFile*>(self);
  while (file.is_open() && !bytes.empty()) {
    constexpr std::size_t kMost = 1 << 30;
    const Int size = static_cast<Int>(bytes.size() < kMost ? bytes.size() : kMost);
    const Int written = VG_(write)(file.descriptor_, bytes.data(), size);
    if (written <= 0) {
      Formatter(output::log()) << "Warning: " << file.name_
                               << " cannot be written any further (is the disk full?): "
                                  "the trace ends here, and can be read up to here\n";
      return file.close();
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace pmemcheck::trace
