// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/program_checker.h"

#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/checks/command.h"
#include "pmemcheck/explore/checks/process.h"
#include "pmemcheck/explore/input/descriptor.h"
#include "pmemcheck/explore/input/user_error.h"

extern char** environ;

namespace pmemcheck::explore {

namespace {

class ProgramChecker : public Checker {
 public:
  ProgramChecker(std::vector<std::string> words, Shell shell)
      : words_(std::move(words)), shell_(shell) {
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
    // With these statuses a shell reports a command that it cannot run; they are no verdict on the
    // image.
    if (shell_ == Shell::Yes && verdict.kind == VerdictKind::Exit &&
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
  Shell shell_;
  std::string program_;
  std::vector<char*> arguments_;
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
  Descriptor nowhere_;
  int output_ = -1;
};

}  // namespace

std::unique_ptr<Checker> check_by_program(std::vector<std::string> words, Shell shell) {
  PM_CHECK(words.size() >= (shell == Shell::Yes ? 3u : 1u));
  return std::make_unique<ProgramChecker>(std::move(words), shell);
}

}  // namespace pmemcheck::explore
