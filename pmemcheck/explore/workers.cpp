// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/workers.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <thread>

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/checks/process.h"
#include "pmemcheck/explore/input/user_error.h"
#include "pmemcheck/explore/interrupts.h"

namespace pmemcheck::explore {

namespace fs = std::filesystem;

WorkDirectory::WorkDirectory(const std::string& wanted) {
  const char* temporary = std::getenv("TMPDIR");
  std::string parent = wanted;
  if (parent.empty() && access("/dev/shm", W_OK | X_OK) == 0) parent = "/dev/shm";
  if (parent.empty()) parent = temporary != nullptr ? temporary : "/tmp";
  path_ = parent + "/pmemcheck-explore-XXXXXX";
  if (mkdtemp(path_.data()) == nullptr)
    throw UserError("--work-directory=" + parent + ": " + std::strerror(errno));
}

WorkDirectory::~WorkDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string WorkDirectory::make(const std::string& name) const {
  PM_CHECK(!name.empty() && name.find('/') == std::string::npos);
  const std::string directory = path_ + "/" + name;
  fs::remove_all(directory);
  fs::create_directory(directory);
  return directory;
}

namespace {

// The progress of each worker, in memory that forked processes share.
class SharedProgress {
 public:
  explicit SharedProgress(std::size_t workers) : bytes_(workers * sizeof(Progress)) {
    void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    all_ = static_cast<Progress*>(memory);
    for (std::size_t i = 0; i < workers; i++) ::new (all_ + i) Progress{};
  }
  SharedProgress(const SharedProgress&) = delete;
  SharedProgress& operator=(const SharedProgress&) = delete;
  ~SharedProgress() { munmap(all_, bytes_); }
  Progress& operator[](std::size_t i) {
    PM_CHECK(i < size());
    return all_[i];
  }
  std::size_t size() const { return bytes_ / sizeof(Progress); }

 private:
  std::size_t bytes_;
  Progress* all_;
};

// A line on the terminal that is overwritten each time.  Shown only where standard error is one.
class ProgressLine {
 public:
  ProgressLine(const Recording& recording, const Survey& survey, const Arguments& arguments)
      : is_shown_(!arguments.is_quiet && isatty(2) == 1) {
    if (!is_shown_) return;
    Points points(recording, survey, arguments.scope);
    points.for_each([&](const Point&) {
      points_++;
      return !Interrupts::have_come();
    });
  }
  ~ProgressLine() {
    if (is_shown_) std::fprintf(stderr, "\r\033[K");
  }

  void show(SharedProgress& workers) {
    if (!is_shown_ || Clock::now() < next_) return;
    next_ = Clock::now() + std::chrono::milliseconds(200);
    std::uint64_t checked = 0, failures = 0, points = ~std::uint64_t{0};
    for (std::size_t i = 0; i < workers.size(); i++) {
      checked += workers[i].checked;
      failures += workers[i].failures;
      points = std::min<std::uint64_t>(points, workers[i].points);
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    char words[200];
    int size = std::snprintf(
        words, sizeof words,
        "point %" PRIu64 " of %" PRIu64 ", %" PRIu64 " images, %.0f a second, %" PRIu64 " failed",
        points, points_, checked, static_cast<double>(checked) / seconds, failures);
    if (points != 0)
      size += std::snprintf(
          words + size, sizeof words - static_cast<std::size_t>(size), ", about %.0f s left",
          seconds * static_cast<double>(points_ - points) / static_cast<double>(points));
    // Cut the line to one row, because a second row would not be overwritten.
    winsize terminal = {};
    if (ioctl(2, TIOCGWINSZ, &terminal) == 0 && terminal.ws_col > 1)
      size = std::min(size, terminal.ws_col - 1);
    std::fprintf(stderr, "\r\033[K%.*s", size, words);
  }

 private:
  bool is_shown_;
  std::uint64_t points_ = 0;
  Clock::time_point start_ = Clock::now(), next_ = start_;
};

constexpr int kUserError = 3;  // exit status of a worker that wrote an error to its file

[[noreturn]] void work(const Work& work, const std::string& file) {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  int status = 0;
  try {
    prepare_to_check(work.arguments.checker.timeout);
    const Results results = explore(work);
    std::ofstream out(file);
    write_results(out, results);
    out.close();
    if (!out) throw UserError(file + ": cannot be written");
  } catch (const std::exception& error) {
    std::ofstream(file) << error.what();
    status = kUserError;
  }
  // Run no destructors: the parent still uses the directories that they would remove.
  _exit(status);
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

Results explore_in_parallel(const Recording& recording, const Survey& survey,
                            const Arguments& arguments, const WorkDirectory& directory,
                            const Results* before) {
  PM_CHECK(arguments.share.is_valid());
  std::uint64_t jobs = arguments.jobs;
  if (jobs == 0) jobs = std::max(1u, std::thread::hardware_concurrency());
  if (before != nullptr && !before->done.empty()) jobs = before->done.size();
  const Interrupts interrupts;
  SharedProgress progress(jobs);
  ProgressLine line(recording, survey, arguments);

  std::vector<pid_t> workers;
  std::vector<std::string> files;
  for (std::uint64_t i = 0; i < jobs; i++) {
    const std::string name = "worker-" + std::to_string(i);
    Work one{recording, survey, arguments, {}, 0, directory.make(name), &progress[i]};
    // Each worker gets a share of this share.
    one.share = {arguments.share.number + i * arguments.share.count, arguments.share.count * jobs};
    if (before != nullptr && i < before->done.size()) one.first = before->done[i];
    files.push_back(directory.make(name + "-results") + "/results");
    const pid_t child = fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "a worker");
    if (child == 0) work(one, files.back());
    workers.push_back(child);
  }

  std::string problem;
  bool is_to_stop = false;
  for (std::size_t left = workers.size(); left > 0;) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, WNOHANG);
    if (ended > 0) {
      left--;
      const auto index = static_cast<std::size_t>(std::find(workers.begin(), workers.end(), ended) -
                                                  workers.begin());
      if (status == 0 || index == workers.size() || !problem.empty()) continue;
      problem = WIFEXITED(status) && WEXITSTATUS(status) == kUserError
                    ? text_of(files[index])
                    : "a worker ended unexpectedly (status " + std::to_string(status) +
                          ") before it had checked all of its images";
      is_to_stop = true;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    is_to_stop = is_to_stop || Interrupts::have_come();
    for (std::size_t i = 0; is_to_stop && i < jobs; i++) progress[i].is_to_stop = true;
    line.show(progress);
  }
  if (!problem.empty()) throw UserError(problem);

  Results all;
  if (before != nullptr) all.failures = before->failures;
  for (std::size_t i = 0; i < files.size(); i++) {
    std::ifstream in(files[i]);
    const Results one = read_results(in, files[i]);
    if (i == 0) {
      all.tally = one.tally;
      all.tally.checked = all.tally.equal = all.tally.left_children = 0;
    }
    all.join(one);
  }
  all.share = arguments.share.number;
  all.shares = arguments.share.count;
  all.trace = recording.path();
  all.trace_bytes = recording.bytes();
  return all;
}

}  // namespace pmemcheck::explore
