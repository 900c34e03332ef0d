// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/marker_engines.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "pmemcheck/explore/input/mapped_file.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

namespace {

void add(std::map<std::string, Engine>& engines, const std::string& mark, const std::string& name) {
  const auto engine = engine_of(name);
  if (!engine)
    throw UserError("--marker-engines: " + mark + "=" + name + ": want the name of an engine");
  engines[mark] = *engine;
}

constexpr const char* kWanted = R"(want a JSON object: {"MARK": "ENGINE", ...})";

// RETURNS: the engines of the JSON object in the file; the last one if a marker occurs twice.
std::map<std::string, Engine> read_object(const std::string& path) {
  const MappedFile file(path);
  nlohmann::json object;
  try {
    object = nlohmann::json::parse(file.text());
  } catch (const nlohmann::json::parse_error& error) {
    throw UserError(path + ": byte " + std::to_string(error.byte) + ": not JSON: " + kWanted);
  } catch (const nlohmann::json::out_of_range&) {  // of a number
    throw UserError(path + ": number: " + kWanted);
  }
  if (!object.is_object()) throw UserError(path + ": " + object.type_name() + ": " + kWanted);
  std::map<std::string, Engine> engines;
  for (const auto& [mark, name] : object.items()) {
    if (!name.is_string())
      throw UserError(path + ": " + mark + ": " + name.type_name() + ": " + kWanted);
    add(engines, mark, name.get<std::string>());
  }
  return engines;
}

}  // namespace

std::map<std::string, Engine> marker_engines(const std::string& text) {
  if (text.find('=') == std::string::npos) return read_object(text);
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
