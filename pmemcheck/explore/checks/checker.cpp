// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/checker.h"

#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "pmemcheck/explore/checks/command.h"
#include "pmemcheck/explore/checks/library_checker.h"
#include "pmemcheck/explore/checks/process.h"
#include "pmemcheck/explore/input/recording.h"

extern char** environ;

namespace pmemcheck::explore {

namespace {

class ProgramChecker : public Checker {
 public:
  ProgramChecker(std::vector<std::string> words, bool is_shell)
      : words_(std::move(words)), is_shell_(is_shell) {
    program_ = find_program(words_[0]);
    for (std::string& word : words_) arguments_.push_back(word.data());
    arguments_.push_back(nullptr);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGXFSZ})
      sigaddset(&signals, number);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                               POSIX_SPAWN_SETSIGMASK);
    nowhere_ = Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC));
    make_actions(nowhere_.number());
  }
  ~ProgramChecker() override {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  Verdict run(int output) override {
    const int wanted = output >= 0 ? output : nowhere_.number();
    if (wanted != output_) {
      posix_spawn_file_actions_destroy(&actions_);
      make_actions(wanted);
    }
    pid_t child = 0;
    const int error =
        posix_spawn(&child, program_.c_str(), &actions_, &attributes_, arguments_.data(), environ);
    if (error != 0) throw std::system_error(error, std::generic_category(), words_[0]);
    const Verdict verdict = wait_for(child);
    // What a shell says of a command that it cannot run is no word on the image.
    if (is_shell_ && verdict.kind == VerdictKind::Exit &&
        (verdict.number == 126 || verdict.number == 127))
      throw UserError("--check: the shell cannot run the command (status " +
                      std::to_string(verdict.number) + "): " + words_[2]);
    return verdict;
  }

 private:
  void make_actions(int output) {
    output_ = output;
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, nowhere_.number(), 0);
    posix_spawn_file_actions_adddup2(&actions_, output, 1);
    posix_spawn_file_actions_adddup2(&actions_, output, 2);
  }

  std::vector<std::string> words_;
  bool is_shell_;
  std::string program_;
  std::vector<char*> arguments_;
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
  Descriptor nowhere_;
  int output_ = -1;
};

}  // namespace

std::string words_for(const Verdict& verdict) {
  switch (verdict.kind) {
  case VerdictKind::Consistent: return "consistent";
  case VerdictKind::Exit: return "exit status " + std::to_string(verdict.number);
  case VerdictKind::Signal:
    return "died of signal " + std::to_string(verdict.number) + " (" + strsignal(verdict.number) +
           ")";
  case VerdictKind::TimedOut: return "did not end in time";
  }
  return "";
}

void look_for_checker(const CheckerChoice& choice) {
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
  const bool is_shell = needs_a_shell(choice.command);
  std::vector<std::string> words;
  if (is_shell) {
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
  return std::make_unique<ProgramChecker>(std::move(words), is_shell);
}

}  // namespace pmemcheck::explore
