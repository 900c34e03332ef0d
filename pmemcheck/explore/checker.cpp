// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checker.h"

#include <algorithm>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>
#include <type_traits>

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pmemcheck/explore/command.h"
#include "pmemcheck/explore/recording.h"

extern char** environ;

namespace pmemcheck::explore {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// ---- time ---------------------------------------------------------------------------------------

// A timer ticks while checkers run.  Each tick ends a wait, so that the time can be looked at.
// In-process calls have no wait: there the tick itself ends a call that two ticks have found.
struct Watch {
  std::chrono::milliseconds timeout{10000};
  volatile std::sig_atomic_t is_calling = 0;  // the checker's function, in this process
  volatile std::sig_atomic_t ticks = 0;       // during this call
  std::sig_atomic_t most_ticks = 0;
  sigjmp_buf out;
};
constinit Watch g_watch = {};

enum CallEnd { kReturned = 0, kTooLong = 1, kFault = 2 };

void tick(int) {
  if (g_watch.is_calling == 0) return;
  g_watch.ticks = g_watch.ticks + 1;
  if (g_watch.ticks > g_watch.most_ticks) siglongjmp(g_watch.out, kTooLong);
}

volatile std::sig_atomic_t g_fault = 0;

void fault(int number) {
  g_fault = number;
  if (g_watch.is_calling != 0) siglongjmp(g_watch.out, kFault);
  std::signal(number, SIG_DFL);
  raise(number);
}

void set_handler(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_NODEFER;  // no SA_RESTART: waits are to end
  sigaction(number, &action, nullptr);
}

// ---- processes ----------------------------------------------------------------------------------

void kill_children() {
  std::ifstream list("/proc/thread-self/children");
  for (pid_t child; list >> child;) kill(child, SIGKILL);
}

// RETURNS: whether the checker left any process behind.  None is left any more.
bool reap_what_is_left() {
  bool any = false;
  while (true) {
    const pid_t reaped = waitpid(-1, nullptr, WNOHANG);
    if (reaped < 0 && errno == ECHILD) return any;
    any = true;
    if (reaped != 0) continue;
    kill_children();
    const int waited = waitpid(-1, nullptr, 0);
    if (waited < 0 && errno == ECHILD) return any;
  }
}

// Waits for the leader of a process group, kills the rest of it, and reaps all.
Verdict wait_for(pid_t leader) {
  Verdict verdict;
  const Clock::time_point end = Clock::now() + g_watch.timeout;
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(leader), &info, WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) fail("waiting for the checker");
    if (Clock::now() < end) continue;
    verdict.kind = VerdictKind::TimedOut;
    kill(leader, SIGKILL);  // it may not have made its group yet
    kill(-leader, SIGKILL);
  }
  kill(-leader, SIGKILL);  // its number is not given to another before it is reaped
  int status = 0;
  while (waitpid(leader, &status, 0) < 0 && errno == EINTR) {
  }
  verdict.left_children = reap_what_is_left();
  if (verdict.kind == VerdictKind::TimedOut) return verdict;
  if (WIFSIGNALED(status)) {
    verdict.kind = VerdictKind::Signal;
    verdict.number = WTERMSIG(status);
  } else if (WEXITSTATUS(status) != 0) {
    verdict.kind = VerdictKind::Exit;
    verdict.number = WEXITSTATUS(status);
  }
  return verdict;
}

// ---- a program ----------------------------------------------------------------------------------

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
    for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGPIPE}) sigaddset(&signals, number);
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

// ---- a function of a library --------------------------------------------------------------------

using Function = int (*)(const char* directory);

// RETURNS: the function that FILE.so:SYMBOL names; the library stays loaded.
Function load(const std::string& library) {
  const std::size_t colon = library.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == library.size())
    throw UserError("--check-library=" + library + ": want FILE.so:SYMBOL");
  std::string file = library.substr(0, colon);
  if (file.find('/') == std::string::npos && access(file.c_str(), F_OK) == 0) file = "./" + file;
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw UserError("--check-library=" + library + ": " + dlerror());
  void* symbol = dlsym(handle, library.c_str() + colon + 1);
  if (symbol == nullptr) throw UserError("--check-library=" + library + ": " + dlerror());
  return reinterpret_cast<Function>(symbol);
}

// A status has 8 bits, and 0 is good.
int status_of(int result) {
  return result == 0 || (result & 0xff) != 0 ? result & 0xff : 1;
}

// Forks the children that call the function.  It is forked off itself before the run is told: a
// fork costs what a process has of memory, and the one that tells the run has much.
class LibraryChecker : public Checker {
 public:
  LibraryChecker(Function function, std::string directory)
      : function_(function), directory_(std::move(directory)) {
    int requests[2], verdicts[2];
    if (pipe2(requests, O_CLOEXEC) != 0) fail("a pipe");
    Descriptor requests_out(requests[0]);
    requests_ = Descriptor(requests[1]);
    if (pipe2(verdicts, O_CLOEXEC) != 0) fail("a pipe");
    verdicts_ = Descriptor(verdicts[0]);
    Descriptor verdicts_in(verdicts[1]);
    owner_ = getpid();
    forker_ = fork();
    if (forker_ < 0) fail("a child for the checker");
    if (forker_ != 0) return;
    requests_ = Descriptor();
    serve(requests_out.number(), verdicts_in.number());
  }
  ~LibraryChecker() override {
    requests_ = Descriptor();  // it ends where there is nothing to read any more
    while (waitpid(forker_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  Verdict run(int output) override {
    Reply reply;
    if (write(requests_.number(), &output, sizeof output) != sizeof output) fail("the checker");
    ssize_t bytes = 0;
    while ((bytes = read(verdicts_.number(), &reply, sizeof reply)) < 0 && errno == EINTR) {
    }
    if (bytes != sizeof reply) throw UserError("--check-library: no child can be made for it");
    return reply;
  }

 private:
  using Reply = Verdict;

  [[noreturn]] void serve(int requests, int verdicts) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prepare_to_check(g_watch.timeout);
    const Descriptor nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));
    malloc_trim(0);
    int output = -1;
    while (true) {
      const ssize_t bytes = read(requests, &output, sizeof output);
      if (bytes < 0 && errno == EINTR) continue;
      if (bytes != sizeof output) _exit(0);
      const pid_t child = fork();
      if (child == 0) call(output, nowhere.number());
      if (child < 0) _exit(1);
      const Reply reply = wait_for(child);
      if (write(verdicts, &reply, sizeof reply) != sizeof reply) _exit(1);
    }
  }

  [[noreturn]] void call(int output, int nowhere) {
    setpgid(0, 0);
    // Handlers and what is ignored are ours, not the function's.
    for (const int number : {SIGINT, SIGTERM, SIGALRM}) std::signal(number, SIG_DFL);
    if (output >= 0) {
      const std::string path = "/proc/" + std::to_string(owner_) + "/fd/" + std::to_string(output);
      nowhere = open(path.c_str(), O_WRONLY | O_APPEND);
    }
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    const int status = status_of(function_(directory_.c_str()));
    std::fflush(nullptr);
    _exit(status);
  }

  Function function_;
  std::string directory_;
  pid_t owner_ = 0, forker_ = 0;
  Descriptor requests_, verdicts_;
};
static_assert(std::is_trivially_copyable_v<Verdict>, "verdicts go through a pipe");

class InProcessChecker : public Checker {
 public:
  InProcessChecker(Function function, std::string directory)
      : function_(function), directory_(std::move(directory)) {
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) set_handler(number, fault);
  }
  Verdict run(int) override {
    const int end = sigsetjmp(g_watch.out, 0);
    if (end == kReturned) {
      g_watch.ticks = 0;
      g_watch.is_calling = 1;
      const int result = function_(directory_.c_str());
      g_watch.is_calling = 0;
      if (result == 0) return {};
      return {.kind = VerdictKind::Exit, .number = status_of(result)};
    }
    g_watch.is_calling = 0;
    if (end == kTooLong) return {.kind = VerdictKind::TimedOut};
    return {.kind = VerdictKind::Signal, .number = g_fault};
  }
  bool only_reads() const override { return true; }

 private:
  Function function_;
  std::string directory_;
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

void prepare_to_check(std::chrono::milliseconds timeout) {
  g_watch.timeout = timeout;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  set_handler(SIGALRM, tick);
  constexpr int kTicks = 20;
  const auto tick_length =
      std::max<std::chrono::microseconds>(timeout / kTicks, std::chrono::milliseconds(5));
  g_watch.most_ticks =
      static_cast<std::sig_atomic_t>(std::chrono::microseconds(timeout) / tick_length + 1);
  itimerval timer = {};
  timer.it_interval.tv_sec = tick_length.count() / 1000000;
  timer.it_interval.tv_usec = tick_length.count() % 1000000;
  timer.it_value = timer.it_interval;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void look_for_checker(const CheckerChoice& choice) {
  if (!choice.library.empty()) {
    load(choice.library);
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
    const Function function = load(choice.library);
    if (choice.is_read_only) return std::make_unique<InProcessChecker>(function, image.directory());
    return std::make_unique<LibraryChecker>(function, image.directory());
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
