// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/options.h"

#include <charconv>
#include <functional>

#include "pmemcheck/explore/states/marker_engines.h"

namespace pmemcheck::explore {

namespace {

using Value = const std::string&;

std::uint64_t number(Value text, const std::string& option, std::uint64_t least) {
  std::uint64_t value = 0;
  const bool is_hex = text.starts_with("0x");
  const char* end = text.data() + text.size();
  const auto [at, error] =
      std::from_chars(text.data() + (is_hex ? 2 : 0), end, value, is_hex ? 16 : 10);
  if (error != std::errc() || at != end || value < least)
    throw UserError(option + "=" + text + ": want a whole number, " + std::to_string(least) +
                    " or more");
  return value;
}

Share share(Value text) {
  const std::size_t slash = text.find('/');
  Share share;
  if (slash != std::string::npos) {
    share.number = number(text.substr(0, slash), "--shard", 1);
    share.count = number(text.substr(slash + 1), "--shard", 1);
  }
  if (slash == std::string::npos || share.number > share.count)
    throw UserError("--shard=" + text + ": want K/N, with K from 1 to N");
  return share;
}

std::pair<std::string, std::string> two_names(Value text, const std::string& option,
                                              const std::string& wanted) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw UserError(option + "=" + text + ": want " + wanted);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

NamedRange named_range(Value text) {
  const std::string wanted = "NAME=FILE:OFFSET:BYTES";
  const auto [name, range] = two_names(text, "--name", wanted);
  const std::size_t last = range.rfind(':');
  const std::size_t first = last == std::string::npos ? last : range.rfind(':', last - 1);
  if (first == std::string::npos || first == 0)
    throw UserError("--name=" + text + ": want " + wanted);
  return {name, range.substr(0, first),
          number(range.substr(first + 1, last - first - 1), "--name", 0),
          number(range.substr(last + 1), "--name", 1)};
}

Engine engine(Value text) {
  const auto engine = engine_of(text);
  if (!engine)
    throw UserError("--engine=" + text +
                    ": want exhaustive, pairs, triples, random, or a name of "
                    "pmreorder's");
  return *engine;
}

struct Option {
  const char* name;
  const char* value;  // what it is called in --help; null: it takes none
  const char* help;
  std::function<void(Arguments&, Value)> set;
};

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {"--check", "'COMMAND {}'",
       "run this on each image: status 0 is consistent.  {} is the image's path (with several "
       "files\n"
       "their directory), {NAME} that of one file",
       [](Arguments& a, Value v) { a.checker.command = v; }},
      {"--check-library", "FILE.so:SYMBOL",
       "call int SYMBOL(const char* directory) in a child instead",
       [](Arguments& a, Value v) { a.checker.library = v; }},
      {"--read-only-checker", nullptr, "the function only reads: call it in this process",
       [](Arguments& a, Value) { a.checker.is_read_only = true; }},
      {"--timeout", "SECONDS", "a checker that takes longer has failed [10]",
       [](Arguments& a, Value v) {
         a.checker.timeout = std::chrono::seconds(number(v, "--timeout", 1));
       }},
      {"--image", "FILE=COPY", "of a text log: what FILE held before the run.  As often as needed",
       [](Arguments& a, Value v) { a.images.insert(two_names(v, "--image", "FILE=COPY")); }},
      {"--engine", "NAME",
       "exhaustive within --max-states, else pairs; or pairs, triples, random; or pmreorder's:\n"
       "NoReorderNoCheck, NoReorderDoCheck, ReorderFull, ReorderPartial, ReorderAccumulative,\n"
       "ReorderReverseAccumulative [exhaustive]",
       [](Arguments& a, Value v) { a.scope.engine = engine(v); }},
      {"--marker-engines", "MARK=ENGINE,...",
       "other engines between the markers MARK.BEGIN and MARK.END; or the name of a JSON file.\n"
       "-x is the same",
       [](Arguments& a, Value v) { a.scope.marker_engines = marker_engines(v); }},
      {"--max-states", "N", "for each failure point: more are not listed exhaustively [1000]",
       [](Arguments& a, Value v) { a.limits.max_states = number(v, "--max-states", 1); }},
      {"--random-states", "N", "besides, for each point that is not looked at exhaustively [32]",
       [](Arguments& a, Value v) { a.limits.random_states = number(v, "--random-states", 0); }},
      {"--max-versions", "N", "of one line that are told apart [64]",
       [](Arguments& a, Value v) { a.scope.max_versions = number(v, "--max-versions", 2); }},
      {"--seed", "N", "of what is random [1]",
       [](Arguments& a, Value v) { a.limits.seed = number(v, "--seed", 0); }},
      {"--from-marker", "TEXT", "begin where the program emits this",
       [](Arguments& a, Value v) { a.scope.from_marker = v; }},
      {"--to-marker", "TEXT", "end there", [](Arguments& a, Value v) { a.scope.to_marker = v; }},
      {"--only-file", "GLOB", "other files hold what the program saw",
       [](Arguments& a, Value v) { a.scope.only_file = v; }},
      {"--only-thread", "N", "look at this thread's barriers alone",
       [](Arguments& a, Value v) {
         a.scope.only_thread = static_cast<std::uint32_t>(number(v, "--only-thread", 1));
       }},
      {"--unique-stacks", nullptr,
       "look once at points with the same stack and the same pending stores",
       [](Arguments& a, Value) { a.scope.unique_stacks = true; }},
      {"--jobs", "N", "check so many images at once; -j is the same [all processors]",
       [](Arguments& a, Value v) { a.jobs = number(v, "--jobs", 1); }},
      {"--shard", "K/N", "check the K-th of N shares of the states",
       [](Arguments& a, Value v) { a.share = share(v); }},
      {"--results", "FILE", "write what was found to FILE, for merge",
       [](Arguments& a, Value v) { a.results = v; }},
      {"--resume", "FILE", "go on where Ctrl-C ended a run",
       [](Arguments& a, Value v) {
         a.task = Task::Resume;
         a.files.push_back(v);
       }},
      {"--save", "DIRECTORY", "keep an image of each cause of failure there",
       [](Arguments& a, Value v) { a.save = v; }},
      {"--replay", "ID", "make the image of this ID again, in --save or here, and check it",
       [](Arguments& a, Value v) {
         a.task = Task::Replay;
         a.replay_id = v;
       }},
      {"--json", "FILE", "write the report as JSON, too",
       [](Arguments& a, Value v) { a.json = v; }},
      {"--name", "NAME=FILE:OFFSET:BYTES", "call this range so.  As often as needed",
       [](Arguments& a, Value v) { a.names.push_back(named_range(v)); }},
      {"--most-reductions", "N", "so many failures are reduced to their cause [100]",
       [](Arguments& a, Value v) { a.most_reductions = number(v, "--most-reductions", 0); }},
      {"--work-directory", "DIRECTORY", "for the images; memory is fastest [/dev/shm]",
       [](Arguments& a, Value v) { a.work_directory = v; }},
      {"--quiet", nullptr, "no line of progress", [](Arguments& a, Value) { a.is_quiet = true; }},
      {"--dump-tables", nullptr, "print the tables that logs and traces are made of, as JSON",
       [](Arguments& a, Value) { a.task = Task::DumpTables; }},
      {"--version", nullptr, "print the version",
       [](Arguments& a, Value) { a.task = Task::Version; }},
      {"--help", nullptr, "print this", [](Arguments& a, Value) { a.task = Task::Help; }},
  };
  return all;
}

const Option& find_option(const std::string& name) {
  const std::string full = name == "-j"   ? "--jobs"
                           : name == "-x" ? "--marker-engines"
                           : name == "-h" ? "--help"
                           : name == "-q" ? "--quiet"
                                          : name;
  for (const Option& option : options())
    if (full == option.name) return option;
  throw UserError(name + ": unknown option: want one of those that --help lists");
}

void check(const Arguments& a) {
  const bool needs_file =
      a.task == Task::Explore || a.task == Task::Replay || a.task == Task::Merge;
  if (needs_file && a.files.empty())
    throw UserError(a.task == Task::Merge ? "merge: want the files that --results wrote"
                                          : "want the name of a trace; --help says more");
  if (a.task != Task::Merge && a.files.size() > 1)
    throw UserError(a.files[1] + ": one name is enough");
  if (!a.checker.command.empty() && !a.checker.library.empty())
    throw UserError("--check-library: want one checker; --check is another");
  if (a.checker.is_read_only && a.checker.library.empty())
    throw UserError("--read-only-checker: is about the function of --check-library");
  if (a.task == Task::Explore && !a.checker.is_given())
    throw UserError("want a checker: --check 'COMMAND {}', or --check-library=FILE.so:SYMBOL");
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    if (i == 0 && word == "merge") {
      arguments.task = Task::Merge;
    } else if (!word.starts_with("-") || word == "-") {
      arguments.files.push_back(word);
    } else {
      const std::size_t equals = word.find('=');
      std::string name = word.substr(0, equals);
      std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
      // -j4, as make has it.
      const bool is_joined = !word.starts_with("--") && word.size() > 2 && word[2] != '=';
      if (is_joined) {
        name = word.substr(0, 2);
        value = word.substr(2);
      }
      const Option& option = find_option(name);
      if (option.value == nullptr && equals != std::string::npos)
        throw UserError(word + ": " + name + " takes no value");
      if (option.value != nullptr && equals == std::string::npos && !is_joined) {
        if (i + 1 == words.size()) throw UserError(name + ": want a value: " + option.value);
        value = words[++i];
      }
      option.set(arguments, value);
    }
  }
  check(arguments);
  return arguments;
}

std::string help() {
  std::string text =
      "usage: pmemcheck-explore TRACE --check 'COMMAND {}' [options]\n"
      "       pmemcheck-explore merge RESULTS... [options]\n\n"
      "Runs a check on each image that a power failure could have left of the files of a run,\n"
      "which pmemcheck --trace=TRACE has recorded.\n\n";
  for (const Option& option : options()) {
    text += std::string("  ") + option.name;
    if (option.value != nullptr) text += std::string("=") + option.value;
    text += "\n      ";
    for (const char* c = option.help; *c != 0; c++)
      text += *c == '\n' ? "\n      " : std::string(1, *c);
    text += "\n";
  }
  return text +
         "\nThe exit status is 0 where every image was consistent, 1 where one was not, 2 where\n"
         "nothing could be said, 130 after Ctrl-C.\n";
}

}  // namespace pmemcheck::explore
