// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/marker_engines.h"

#include <cctype>
#include <string_view>

#include "pmemcheck/explore/recording.h"

namespace pmemcheck::explore {

namespace {

void add(std::map<std::string, Engine>& engines, const std::string& mark, const std::string& name) {
  const auto engine = engine_of(name);
  if (!engine)
    throw UserError("--marker-engines: " + mark + "=" + name + ": want the name of an engine");
  engines[mark] = *engine;
}

// A JSON object whose values are strings.
class ObjectReader {
 public:
  ObjectReader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  std::map<std::string, Engine> read() {
    std::map<std::string, Engine> engines;
    take('{');
    if (peek() != '}') {
      do {
        const std::string mark = string();
        take(':');
        add(engines, mark, string());
      } while (peek() == ',' && take(','));
    }
    take('}');
    if (peek() != 0) fail();
    return engines;
  }

 private:
  // RETURNS: the next character that is not space; 0 at the end.
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) at_++;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) fail();
    at_++;
    return true;
  }
  std::string string() {
    take('"');
    std::string value;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) at_++;
      value += text_[at_++];
    }
    take('"');
    return value;
  }
  [[noreturn]] void fail() const {
    throw UserError(path_ + ": byte " + std::to_string(at_) +
                    ": want a JSON object: {\"MARK\": \"ENGINE\", ...}");
  }

  std::string_view text_;
  const std::string& path_;
  std::size_t at_ = 0;
};

}  // namespace

std::map<std::string, Engine> marker_engines(const std::string& text) {
  if (text.find('=') == std::string::npos) {
    const MappedFile file(text);
    return ObjectReader(file.text(), text).read();
  }
  std::map<std::string, Engine> engines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string one = text.substr(at, end - at);
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UserError("--marker-engines=" + text + ": want MARK=ENGINE,MARK=ENGINE...");
    add(engines, one.substr(0, equals), one.substr(equals + 1));
    at = end + 1;
  }
  return engines;
}

}  // namespace pmemcheck::explore
