// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/command.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <unistd.h>

#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); i++) {
    const char c = command[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    const bool is_escape = c == '\\' && quote != '\'' && i + 1 < command.size();
    if (is_escape)
      words.back() += command[++i];
    else if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (quote != 0 && c == quote)
      quote = 0;
    else
      words.back() += c;
  }
  if (quote != 0) throw UserError("--check: a closing quote is missing: " + command);
  return words;
}

bool needs_a_shell(const std::string& command) {
  return command.find_first_of("|&;<>()$`*?[]#~=%!\n") != std::string::npos;
}

std::string with_paths(const std::string& text,
                       const std::function<std::string(const std::string&)>& path_of) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
    const std::string path =
        end != std::string::npos ? path_of(text.substr(at + 1, end - at - 1)) : "";
    if (path.empty()) {
      result += text[at++];
      continue;
    }
    result += path;
    at = end + 1;
  }
  return result;
}

std::string quoted_for_shell(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::string find_program(const std::string& name) {
  const auto is_program = [](const std::string& path) {
    return access(path.c_str(), X_OK) == 0 && !std::filesystem::is_directory(path);
  };
  if (name.find('/') != std::string::npos) return is_program(name) ? name : "";
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  while (true) {
    const std::size_t end = rest.find(':');
    const std::string folder(rest.substr(0, end));
    const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    if (is_program(candidate)) return candidate;
    if (end == std::string_view::npos) return "";
    rest.remove_prefix(end + 1);
  }
}

}  // namespace pmemcheck::explore
