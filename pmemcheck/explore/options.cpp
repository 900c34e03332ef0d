// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/options.h"

#include <charconv>
#include <functional>
#include <string_view>
#include <utility>

#include "pmemcheck/explore/input/user_error.h"
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
                    ": want exhaustive, pairs, triples, random, or an engine of "
                    "pmreorder");
  return *engine;
}

struct Option {
  const char* name;
  const char* value;  // its name in --help; null if the option takes none
  const char* help;   // its lines, of at most 94 columns
  std::function<void(Arguments&, Value)> set;
};

struct Group {
  const char* title;
  std::vector<Option> options;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> all = {
      {"The check",
       {
           {"--check", "'COMMAND {}'",
            "run COMMAND on each image; exit status 0 means that the image is consistent.  {} "
            "stands\n"
            "for the image's path (with several files, their directory), {NAME} for that of one "
            "file",
            [](Arguments& a, Value v) { a.checker.command = v; }},
           {"--check-library", "FILE.so:SYMBOL",
            "call int SYMBOL(const char* directory) in a child process instead of running a "
            "command",
            [](Arguments& a, Value v) { a.checker.library = v; }},
           {"--read-only-checker", nullptr,
            "call the function in the explorer's own process; it must only read the image",
            [](Arguments& a, Value) { a.checker.is_read_only = true; }},
           {"--timeout", "SECONDS", "treat a check that takes longer as failed [10]",
            [](Arguments& a, Value v) {
              a.checker.timeout = std::chrono::seconds(number(v, "--timeout", 1));
            }},
       }},
      {"What to explore",
       {
           {"--from-marker", "TEXT", "start where the program emits the marker TEXT",
            [](Arguments& a, Value v) { a.scope.from_marker = v; }},
           {"--to-marker", "TEXT", "stop where the program emits the marker TEXT",
            [](Arguments& a, Value v) { a.scope.to_marker = v; }},
           {"--only-file", "GLOB",
            "vary only files that match; give the others their latest contents",
            [](Arguments& a, Value v) { a.scope.only_file = v; }},
           {"--only-thread", "N", "explore only failure points before barriers of thread N",
            [](Arguments& a, Value v) {
              a.scope.only_thread = static_cast<std::uint32_t>(number(v, "--only-thread", 1));
            }},
           {"--unique-stacks", nullptr,
            "skip failure points whose barrier and pending stores have the stacks of an earlier "
            "one",
            [](Arguments& a, Value) { a.scope.unique_stacks = true; }},
           {"--image", "FILE=COPY",
            "for a text log: use COPY as the contents of FILE before the run.  May be repeated",
            [](Arguments& a, Value v) { a.images.insert(two_names(v, "--image", "FILE=COPY")); }},
       }},
      {"How to explore",
       {
           {"--engine", "NAME",
            "choose the states of each failure point: exhaustive (within --max-states, else "
            "pairs),\n"
            "pairs, triples or random; or an engine of pmreorder: NoReorderNoCheck, "
            "NoReorderDoCheck,\n"
            "ReorderFull, ReorderPartial, ReorderAccumulative, ReorderReverseAccumulative\n"
            "[exhaustive]",
            [](Arguments& a, Value v) { a.scope.engine = engine(v); }},
           {"--marker-engines", "MARK=ENGINE,...",
            "use other engines between the markers MARK.BEGIN and MARK.END.  The value may also be "
            "the\n"
            "name of a JSON file.  -x is short for this",
            [](Arguments& a, Value v) { a.scope.marker_engines = marker_engines(v); }},
           {"--max-states", "N",
            "list the states of a failure point exhaustively if there are at most N [1000]",
            [](Arguments& a, Value v) { a.limits.max_states = number(v, "--max-states", 1); }},
           {"--random-states", "N",
            "add N random states at each failure point that is not explored exhaustively [32]",
            [](Arguments& a, Value v) {
              a.limits.random_states = number(v, "--random-states", 0);
            }},
           {"--max-versions", "N", "consider at most N versions of a cache line [64]",
            [](Arguments& a, Value v) { a.scope.max_versions = number(v, "--max-versions", 2); }},
           {"--seed", "N", "seed the random number generator with N [1]",
            [](Arguments& a, Value v) { a.limits.seed = number(v, "--seed", 0); }},
           {"--jobs", "N",
            "check N images at the same time.  -j is short for this [number of processors]",
            [](Arguments& a, Value v) { a.jobs = number(v, "--jobs", 1); }},
           {"--work-directory", "DIRECTORY",
            "make the images in DIRECTORY; a file system in memory is fastest [/dev/shm]",
            [](Arguments& a, Value v) { a.work_directory = v; }},
       }},
      {"Output",
       {
           {"--json", "FILE", "also write the report to FILE as JSON",
            [](Arguments& a, Value v) { a.json = v; }},
           {"--save", "DIRECTORY", "keep an image of each cause of failure in DIRECTORY",
            [](Arguments& a, Value v) { a.save = v; }},
           {"--replay", "ID",
            "make the image with this ID again, in the directory of --save or in the current one, "
            "and\n"
            "check it",
            [](Arguments& a, Value v) {
              a.task = Task::Replay;
              a.replay_id = v;
            }},
           {"--name", "NAME=FILE:OFFSET:BYTES",
            "show NAME in the report for this range of FILE.  May be repeated",
            [](Arguments& a, Value v) { a.names.push_back(named_range(v)); }},
           {"--max-reductions", "N",
            "reduce at most N failures; judge the others by their stacks where possible [100]",
            [](Arguments& a, Value v) { a.max_reductions = number(v, "--max-reductions", 0); }},
           {"--quiet", nullptr, "show no progress.  -q is short for this",
            [](Arguments& a, Value) { a.is_quiet = true; }},
       }},
      {"Many machines, and runs that were interrupted",
       {
           {"--shard", "K/N", "check only the K-th of N shares of the states",
            [](Arguments& a, Value v) { a.share = share(v); }},
           {"--results", "FILE", "write the results to FILE, for merge, instead of a report",
            [](Arguments& a, Value v) { a.results = v; }},
           {"--resume", "FILE", "continue a run that Ctrl-C ended, from the FILE that it left",
            [](Arguments& a, Value v) {
              a.task = Task::Resume;
              a.files.push_back(v);
            }},
       }},
      {"Other",
       {
           {"--dump-tables", nullptr, "print the tables of trace records and findings as JSON",
            [](Arguments& a, Value) { a.task = Task::DumpTables; }},
           {"--version", nullptr, "print the version",
            [](Arguments& a, Value) { a.task = Task::Version; }},
           {"--help", nullptr, "print this help", [](Arguments& a, Value) { a.task = Task::Help; }},
       }},
  };
  return all;
}

// Short names, and names that options had in earlier versions.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"-j", "--jobs"},
    {"-x", "--marker-engines"},
    {"-h", "--help"},
    {"-q", "--quiet"},
    {"--most-reductions", "--max-reductions"},
};

const Option& find_option(const std::string& name) {
  std::string_view full = name;
  for (const auto& [other, listed] : kOtherNames)
    if (name == other) full = listed;
  for (const Group& group : groups())
    for (const Option& option : group.options)
      if (full == option.name) return option;
  throw UserError(name + ": unknown option: want one of those that --help lists");
}

void check(const Arguments& a) {
  const bool needs_file =
      a.task == Task::Explore || a.task == Task::Replay || a.task == Task::Merge;
  if (needs_file && a.files.empty())
    throw UserError(a.task == Task::Merge ? "merge: want the files that --results wrote"
                                          : "want the name of a trace; see --help");
  if (a.task != Task::Merge && a.files.size() > 1)
    throw UserError(a.files[1] + ": want one trace only");
  if (!a.checker.command.empty() && !a.checker.library.empty())
    throw UserError("--check-library: want this or --check, not both");
  if (a.checker.is_read_only && a.checker.library.empty())
    throw UserError("--read-only-checker: want --check-library with it");
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
      // -j4, as in make.
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
      "       pmemcheck-explore merge RESULTS... [options]\n"
      "       pmemcheck-explore --resume=TRACE.resume\n\n"
      "Checks each image of the program's files that a power failure could have left during a run\n"
      "recorded with pmemcheck --trace=TRACE.\n";
  for (const Group& group : groups()) {
    text += std::string("\n") + group.title + ":\n";
    for (const Option& option : group.options) {
      text += std::string("  ") + option.name;
      if (option.value != nullptr) text += std::string("=") + option.value;
      text += "\n      ";
      for (const char* c = option.help; *c != 0; c++)
        text += *c == '\n' ? "\n      " : std::string(1, *c);
      text += "\n";
    }
  }
  return text + "\nThe exit status is 0 if every image was consistent, 1 if one was not, 2 if "
                "there is no\n"
                "verdict because of an error, and 130 after Ctrl-C.\n";
}

}  // namespace pmemcheck::explore
