// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/descriptor.h"

#include <unistd.h>

namespace pmemcheck::explore {

Descriptor& Descriptor::operator=(Descriptor&& o) noexcept {
  if (this == &o) return *this;
  if (number_ >= 0) close(number_);
  number_ = o.number_;
  o.number_ = -1;
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

}  // namespace pmemcheck::explore
