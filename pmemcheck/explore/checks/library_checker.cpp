// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/library_checker.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <type_traits>

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/checks/process.h"
#include "pmemcheck/explore/input/descriptor.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

LibraryFunction::LibraryFunction(const std::string& library) {
  const std::size_t colon = library.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == library.size())
    throw UserError("--check-library=" + library + ": want FILE.so:SYMBOL");
  std::string file = library.substr(0, colon);
  if (file.find('/') == std::string::npos && access(file.c_str(), F_OK) == 0) file = "./" + file;
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw UserError("--check-library=" + library + ": " + dlerror());
  void* symbol = dlsym(handle, library.c_str() + colon + 1);
  if (symbol == nullptr) throw UserError("--check-library=" + library + ": " + dlerror());
  function_ = reinterpret_cast<int (*)(const char*)>(symbol);
}

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// Owns the process that forks the children.  A request, sent through one pipe, is the number of the
// descriptor for the output; the answer, through another pipe, is the verdict.
class ChildChecker : public Checker {
 public:
  ChildChecker(LibraryFunction function, std::string directory)
      : function_(function), directory_(std::move(directory)) {
    PM_CHECK(!directory_.empty());
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
  ~ChildChecker() override {
    requests_ = Descriptor();  // it ends at the end of its input
    while (waitpid(forker_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  Verdict run(int output) override {
    const Clock::time_point end = Clock::now() + time_limit();
    Verdict verdict;
    bool is_late = false;
    if (write(requests_.number(), &output, sizeof output) != sizeof output) fail("the checker");
    ssize_t bytes = 0;
    while ((bytes = read(verdicts_.number(), &verdict, sizeof verdict)) < 0 && errno == EINTR) {
      if (Clock::now() < end) continue;
      is_late = true;
      kill_the_child();
    }
    if (bytes != sizeof verdict)
      throw UserError("--check-library: the process that forks the children has ended: no more "
                      "processes can be made, or the function has killed it");
    if (is_late) return {VerdictKind::TimedOut, 0, verdict.left_children};
    return verdict;
  }

 private:
  void kill_the_child() {
    int status = 0;
    kill(forker_, SIGSTOP);  // a stopped process reaps none, so its children keep their numbers
    while (waitpid(forker_, &status, WUNTRACED) < 0 && errno == EINTR) {
    }
    if (WIFSTOPPED(status)) {
      kill_children_of(forker_);
      kill(forker_, SIGCONT);
    } else {
      reap_what_is_left();  // the child killed its parent, and is now a child of this process
    }
  }

  // ---- in the process that forks ----

  [[noreturn]] void serve(int requests, int verdicts) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    setpgid(0, 0);  // Ctrl-C is for the explorer only
    // Undo the explorer's handlers and ignored signals: they are not for the function.
    for (const int number : {SIGINT, SIGTERM, SIGALRM, SIGXFSZ}) std::signal(number, SIG_DFL);
    stdout_ = Descriptor(fcntl(1, F_DUPFD_CLOEXEC, 3));
    const Descriptor nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));
    for (const int number : {0, 1, 2}) dup2(nowhere.number(), number);
    malloc_trim(0);
    int output = -1;
    while (read(requests, &output, sizeof output) == sizeof output) {
      const pid_t child = fork();
      if (child == 0) call(output);
      if (child < 0) _exit(1);
      const Verdict verdict = wait_for(child);
      if (write(verdicts, &verdict, sizeof verdict) != sizeof verdict) _exit(1);
    }
    _exit(0);
  }

  // ---- in a child, which pays a page fault for each page of code that it runs ----

  [[noreturn]] void call(int output) {
    setpgid(0, 0);
    if (output >= 0) redirect(output);
    const int status = status_of(function_(directory_.c_str()));
    std::fflush(nullptr);
    _exit(status);
  }

  // `output` is the number of a descriptor of the explorer, which may have opened it after the fork
  // of this process.
  void redirect(int output) {
    const std::string path = "/proc/" + std::to_string(owner_) + "/fd/" + std::to_string(output);
    const int file = output == 1 ? stdout_.number() : open(path.c_str(), O_WRONLY | O_APPEND);
    dup2(file, 1);
    dup2(file, 2);
  }

  LibraryFunction function_;
  std::string directory_;
  pid_t owner_ = 0, forker_ = 0;
  Descriptor requests_, verdicts_;
  Descriptor stdout_;  // in the process that forks: the explorer's standard output
};
static_assert(std::is_trivially_copyable_v<Verdict>, "verdicts go through a pipe");

class InProcessChecker : public Checker {
 public:
  InProcessChecker(LibraryFunction function, std::string directory)
      : function_(function), directory_(std::move(directory)) {
    catch_faults();
  }
  Verdict run(int) override { return call_in_time(function_.pointer(), directory_.c_str()); }
  bool only_reads() const override { return true; }

 private:
  LibraryFunction function_;
  std::string directory_;
};

}  // namespace

std::unique_ptr<Checker> check_in_children(LibraryFunction function, std::string directory) {
  return std::make_unique<ChildChecker>(function, std::move(directory));
}

std::unique_ptr<Checker> check_in_process(LibraryFunction function, std::string directory) {
  return std::make_unique<InProcessChecker>(function, std::move(directory));
}

}  // namespace pmemcheck::explore
