// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/record/trace_file.h"

#include <algorithm>
#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/output.h"

namespace pmemcheck::trace {

namespace {

// When it starts, the core raises the limit of descriptors by this many, if that is allowed, and
// reserves the last ones below the limit for itself.  It refuses the program's calls on them, and
// the program's setrlimit does not reach the kernel.
constexpr Int kReserved = 12;

// RETURNS: the limit of descriptors when this was first called.
Int limit_of_descriptors() {
  static constinit Int limit = 0;
  if (limit != 0) return limit;
  struct vki_rlimit asked;
  const bool is_known = VG_(getrlimit)(VKI_RLIMIT_NOFILE, &asked) >= 0;
  limit = static_cast<Int>(is_known ? asked.rlim_cur : 1024);  // which the core assumes too
  return limit;
}

bool is_free(Int descriptor) {
  struct vg_stat stat;
  return VG_(fstat)(descriptor, &stat) != 0;
}

// Moves a descriptor to one that the program cannot use.
// RETURNS: the new descriptor; -1 if there is no room and it was closed.
Int reserved(Int descriptor) {
  const Int first = limit_of_descriptors() - kReserved;
  if (descriptor >= first) return descriptor;  // the program has all others
  Int number = limit_of_descriptors() - 1;     // the core takes its own from the lowest up
  while (number >= first && !is_free(number)) number--;
  const bool is_moved = number >= first && !sr_isError(VG_(dup2)(descriptor, number));
  VG_(close)(descriptor);
  return is_moved ? number : -1;
}

// RETURNS: how many of `bytes` may be written to the file.  A write beyond RLIMIT_FSIZE would raise
// a signal that kills the program, which is not at fault.
std::size_t allowed(Int descriptor, std::size_t bytes) {
  constexpr Int kLimitOfFileSize = 1;  // getrlimit(2); not in Valgrind's headers
  struct vki_rlimit limit;
  struct vg_stat stat;
  if (VG_(getrlimit)(kLimitOfFileSize, &limit) < 0 || limit.rlim_cur == VKI_RLIM_INFINITY ||
      VG_(fstat)(descriptor, &stat) != 0 || !VKI_S_ISREG(stat.mode))
    return bytes;
  const auto size = static_cast<std::size_t>(stat.size);
  return size < limit.rlim_cur ? std::min(bytes, limit.rlim_cur - size) : 0;
}

// RETURNS: whether `name` is a pipe.  Opening a pipe blocks until it has a reader, and writing to
// it without a reader raises a signal.
bool is_pipe(const HChar* name) {
  struct vg_stat stat;
  return !sr_isError(VG_(stat)(name, &stat)) && VKI_S_ISFIFO(stat.mode);
}

}  // namespace

bool TraceFile::keep(SysRes opened) {
  is_suspended_ = false;
  if (sr_isError(opened)) return false;
  descriptor_ = reserved(static_cast<Int>(sr_Res(opened)));
  return is_open();
}

const HChar* TraceFile::open() {
  VG_(free)(name_);
  // The option's text is the end of an argument, and so ends in a 0.
  name_ = VG_(expand_file_name)("--trace", command_line::options().trace.data());
  if (is_pipe(name_)) return "is a pipe: want a file";
  if (!keep(VG_(open)(name_, VKI_O_CREAT | VKI_O_TRUNC | VKI_O_WRONLY, 0666)))
    return "cannot be written";
  id_ = OpenFile(descriptor_).id();
  return nullptr;
}

void TraceFile::suspend() {
  is_suspended_ = is_open();
  close();
}

void TraceFile::resume() {
  if (!is_suspended_) return;
  const bool is_back = keep(VG_(open)(name_, VKI_O_WRONLY | VKI_O_APPEND, 0));
  if (!is_back || OpenFile(descriptor_).id() != id_)
    give_up("opened again after an exec that failed");
}

bool TraceFile::is_named_by_process() {
  const std::string_view name = command_line::options().trace;
  for (std::size_t i = 0; i + 1 < name.size(); i++) {
    if (name[i] != '%') continue;
    if (name[i + 1] == 'p') return true;
    i++;  // skip %%
  }
  return false;
}

void TraceFile::close() {
  if (is_open()) VG_(close)(descriptor_);
  descriptor_ = -1;
}

void TraceFile::give_up(std::string_view verb) {
  Formatter(output::log()) << "Warning: " << name_ << " cannot be " << verb
                           << ": the trace ends here, and can be read up to here\n";
  close();
}

void TraceFile::write(void* self, std::string_view bytes) {
  auto& file = *static_cast<TraceFile*>(self);
  while (file.is_open() && !bytes.empty()) {
    constexpr std::size_t kMost = 1 << 30;
    const std::size_t size = allowed(file.descriptor_, std::min(bytes.size(), kMost));
    const Int written = VG_(write)(file.descriptor_, bytes.data(), static_cast<Int>(size));
    if (written <= 0) return file.give_up("written any further (is the disk full?)");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace pmemcheck::trace
