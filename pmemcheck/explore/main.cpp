// main.cpp: pmemcheck-explore: would the program survive a power failure at any point?
//
// Floor 4, hosted.  Wiring only.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>

#include "pmemcheck/explore/checks/make_checker.h"
#include "pmemcheck/explore/checks/process.h"
#include "pmemcheck/explore/input/user_error.h"
#include "pmemcheck/explore/interrupts.h"
#include "pmemcheck/explore/options.h"
#include "pmemcheck/explore/report.h"
#include "pmemcheck/explore/saved.h"
#include "pmemcheck/explore/workers.h"

namespace pmemcheck::explore {

namespace {

enum ExitStatus { kConsistent = 0, kFailures = 1, kNoVerdict = 2, kInterrupted = 130 };

void note(const std::string& sentence) {
  std::cerr << "pmemcheck-explore: " << sentence << "\n";
}

Results results_in(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw UserError(path + ": " + std::strerror(errno));
  return read_results(in, path);
}

void save_results(const std::string& path, const Results& results) {
  std::ofstream out(path);
  write_results(out, results);
  out.close();
  if (!out) throw UserError(path + ": cannot be written");
}

// The input of a task.
struct Job {
  explicit Job(Arguments given)
      : arguments(std::move(given)), recording(arguments.files[0], arguments.images),
        survey(recording) {
    for (const std::string& notice : recording.notices()) note(notice);
    if (survey.stores == 0) note("this run stored nothing to persistent memory");
    if (survey.stray_stores != 0)
      note(std::to_string(survey.stray_stores) + " of " + std::to_string(survey.stores) +
           " stores lie outside of every mapping and are ignored");
    if (arguments.checker.is_given()) look_for_checker(arguments.checker);
  }
  Arguments arguments;
  Recording recording;
  Survey survey;
};

// Finds the causes and reports.  RETURNS: kInterrupted if an interrupt ended the search.
ExitStatus report(const Job& job, const Results& results, const WorkDirectory& directory) {
  const Interrupts interrupts;
  prepare_to_check(job.arguments.checker.timeout);
  std::vector<Cause> causes;
  if (!results.failures.empty())
    causes = find_causes(job.recording, job.survey, job.arguments, directory.make("causes"),
                         results.failures);
  const Report all{job.recording, job.arguments, results, causes};
  write_text(std::cout, all);
  if (!job.arguments.json.empty()) {
    std::ofstream out(job.arguments.json);
    write_json(out, all);
    out.close();
    if (!out) throw UserError(job.arguments.json + ": cannot be written");
  }
  if (!job.arguments.save.empty() && !causes.empty()) {
    save_causes(all, job.survey, job.arguments.save);
    std::cout << "\nimages are in " << job.arguments.save << "\n";
  }
  if (Interrupts::have_come()) return kInterrupted;
  return results.failures.empty() ? kConsistent : kFailures;
}

ExitStatus explore(const Job& job, const std::vector<std::string>& words, const Results* before) {
  const WorkDirectory directory(job.arguments.work_directory);
  Results results =
      explore_in_parallel(job.recording, job.survey, job.arguments, directory, before);
  results.words = words;
  if (results.is_whole && !job.arguments.results.empty()) {
    save_results(job.arguments.results, results);
    std::cout << "share " << results.share << " of " << results.shares << ": "
              << results.tally.checked << " images checked, " << results.failures.size()
              << " failed; pass " << job.arguments.results << " to merge\n";
    return results.failures.empty() ? kConsistent : kFailures;
  }
  const std::string rest = job.recording.path() + ".resume";
  if (!results.is_whole) save_results(rest, results);
  const ExitStatus status = report(job, results, directory);
  if (results.is_whole) {
    if (status != kInterrupted) return status;
    save_results(rest, results);
  }
  note("ended early; --resume=" + rest + " continues");
  return kInterrupted;
}

ExitStatus resume(const std::string& path) {
  const Results before = results_in(path);
  const Job job(parse_arguments(before.words));
  if (job.recording.bytes() != before.trace_bytes)
    throw UserError(job.recording.path() + ": not the trace that " + path + " was made from");
  const ExitStatus status = explore(job, before.words, &before);
  if (status != kInterrupted) std::filesystem::remove(path);
  return status;
}

// The shares were explored with the options on their own command line; those of merge only affect
// the report.
ExitStatus merge(const Arguments& given) {
  std::optional<Results> all;
  std::set<std::uint64_t> numbers;
  for (const std::string& path : given.files) {
    Results one = results_in(path);
    if (all && (one.trace_bytes != all->trace_bytes || one.shares != all->shares))
      throw UserError(path + ": belongs to another exploration than " + given.files[0]);
    if (!numbers.insert(one.share).second)
      throw UserError(path + ": share " + std::to_string(one.share) + " is given twice");
    if (!all)
      all = std::move(one);
    else
      all->join(one);
  }
  for (std::uint64_t i = 1; i <= all->shares; i++)
    if (!numbers.contains(i)) {
      note("share " + std::to_string(i) + " of " + std::to_string(all->shares) + " is missing");
      all->is_whole = false;
    }
  Arguments arguments = parse_arguments(all->words);
  arguments.results.clear();
  arguments.json = given.json;
  arguments.save = given.save;
  all->share = all->shares = 1;
  const Job job(std::move(arguments));
  if (job.recording.bytes() != all->trace_bytes)
    throw UserError(job.recording.path() + ": not the trace that the shares were made from");
  const WorkDirectory directory(job.arguments.work_directory);
  const ExitStatus status = report(job, *all, directory);
  return all->is_whole || status != kConsistent ? status : kNoVerdict;
}

ExitStatus replay(const Job& job) {
  const std::string directory = job.arguments.save.empty() ? "." : job.arguments.save;
  const WorkDirectory work(job.arguments.work_directory);
  prepare_to_check(job.arguments.checker.timeout);
  const Verdict verdict =
      replay(job.recording, job.survey, job.arguments, directory, work.make("replay"));
  std::cout << "the image is in " << directory << "/" << job.arguments.replay_id << "\n";
  if (job.arguments.checker.is_given()) std::cout << "the check: " << verdict_text(verdict) << "\n";
  return verdict.is_consistent() ? kConsistent : kFailures;
}

ExitStatus run(const std::vector<std::string>& words) {
  Arguments arguments = parse_arguments(words);
  switch (arguments.task) {
  case Task::Help: std::cout << help(); return kConsistent;
  case Task::Version: std::cout << "pmemcheck-explore " PMEMCHECK_VERSION "\n"; return kConsistent;
  case Task::DumpTables: write_tables(std::cout); return kConsistent;
  case Task::Resume: return resume(arguments.files[0]);
  case Task::Merge: return merge(arguments);
  case Task::Replay: return replay(Job(std::move(arguments)));
  case Task::Explore: return explore(Job(std::move(arguments)), words, nullptr);
  }
  return kNoVerdict;
}

}  // namespace

}  // namespace pmemcheck::explore

int main(int argc, char** argv) {
  using namespace pmemcheck::explore;
  std::signal(SIGXFSZ, SIG_IGN);  // so that a write past the file size limit fails
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    note(error.what());
    return kNoVerdict;
  }
}
