// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/seen_images.h"

#include <new>

#include <sys/mman.h>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

SeenImages::~SeenImages() {
  munmap(slots_, capacity_ * sizeof *slots_);
}

ContentHash* SeenImages::allocate(std::size_t capacity) {
  void* memory = mmap(nullptr, capacity * sizeof(ContentHash), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return static_cast<ContentHash*>(memory);
}

bool SeenImages::insert(ContentHash hash) {
  if (hash == ContentHash{}) hash.low = 1;  // 0 marks a free slot
  if (2 * used_ >= capacity_) grow();
  std::size_t slot = hash.high & (capacity_ - 1);
  while (slots_[slot] != ContentHash{}) {
    if (slots_[slot] == hash) return false;
    slot = (slot + 1) & (capacity_ - 1);
  }
  slots_[slot] = hash;
  used_++;
  PM_DCHECK(is_valid());
  return true;
}

void SeenImages::grow() {
  ContentHash* old = slots_;
  const std::size_t capacity = capacity_;
  slots_ = allocate(2 * capacity);
  capacity_ = 2 * capacity;
  used_ = 0;
  for (std::size_t i = 0; i < capacity; i++)
    if (old[i] != ContentHash{}) insert(old[i]);
  munmap(old, capacity * sizeof *old);
}

}  // namespace pmemcheck::explore
