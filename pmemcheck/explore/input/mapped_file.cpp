// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/mapped_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "pmemcheck/explore/input/descriptor.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

MappedFile::MappedFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status;
  if (!file.is_open() || fstat(file.number(), &status) != 0)
    throw UserError(path + ": " + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw UserError(path + ": not a file that can be mapped");
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* data = mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.number(), 0);
  if (data == MAP_FAILED) throw UserError(path + ": " + std::strerror(errno));
  data_ = static_cast<const std::uint8_t*>(data);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<std::uint8_t*>(data_), size_);
}

}  // namespace pmemcheck::explore
