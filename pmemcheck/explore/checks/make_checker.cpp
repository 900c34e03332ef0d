// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/make_checker.h"

#include <vector>

#include <unistd.h>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/checks/command.h"
#include "pmemcheck/explore/checks/library_checker.h"
#include "pmemcheck/explore/checks/program_checker.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

void look_for_checker(const CheckerChoice& choice) {
  PM_CHECK(choice.command.empty() != choice.library.empty());
  if (!choice.library.empty()) {
    const LibraryFunction loaded(choice.library);
    return;
  }
  const std::vector<std::string> words = words_of(choice.command);
  if (words.empty()) throw UserError("--check: want a command");
  if (choice.command.find('{') == std::string::npos)
    throw UserError("--check '" + choice.command + "': want {} in it, which stands for the image");
  if (needs_a_shell(choice.command) || !find_program(words[0]).empty()) return;
  throw UserError("--check: " + words[0] +
                  (access(words[0].c_str(), F_OK) == 0 ? ": cannot be executed"
                                                       : ": there is no such program"));
}

std::unique_ptr<Checker> make_checker(const CheckerChoice& choice, const Image& image) {
  PM_CHECK(choice.command.empty() != choice.library.empty());
  if (!choice.library.empty()) {
    const LibraryFunction function(choice.library);
    return choice.is_read_only ? check_in_process(function, image.directory())
                               : check_in_children(function, image.directory());
  }
  bool has_path = false;
  const auto path_of = [&](const std::string& name) {
    const std::string path = name.empty() ? image.argument() : image.path_of(name);
    has_path = has_path || !path.empty();
    return path;
  };
  const Shell shell = needs_a_shell(choice.command) ? Shell::Yes : Shell::No;
  std::vector<std::string> words;
  if (shell == Shell::Yes) {
    const auto quoted = [&](const std::string& name) {
      const std::string path = path_of(name);
      return path.empty() ? path : quoted_for_shell(path);
    };
    words = {"/bin/sh", "-c", with_paths(choice.command, quoted)};
  } else {
    for (const std::string& word : words_of(choice.command))
      words.push_back(with_paths(word, path_of));
  }
  if (!has_path)
    throw UserError("--check '" + choice.command + "': no file of the run has such a name");
  return check_by_program(std::move(words), shell);
}

}  // namespace pmemcheck::explore
