// text.h: a Sink that keeps the text that is written to it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "pmemcheck/base/sink.h"

namespace pmemcheck::test {

class Text {
 public:
  Sink sink() {
    return Sink([](void* self, std::string_view t) { static_cast<Text*>(self)->text_ += t; }, this);
  }
  const std::string& str() const { return text_; }
  const char* c_str() const { return text_.c_str(); }

 private:
  std::string text_;
};

}  // namespace pmemcheck::test
