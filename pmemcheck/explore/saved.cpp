// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/saved.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include <fcntl.h>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/checks/command.h"
#include "pmemcheck/explore/checks/make_checker.h"
#include "pmemcheck/explore/input/descriptor.h"
#include "pmemcheck/explore/input/user_error.h"
#include "pmemcheck/explore/states/state_id.h"

namespace pmemcheck::explore {

namespace fs = std::filesystem;

namespace {

// Writes the files of the state to `directory`, which it makes if need be.
void write_files(History& history, const Point& point, const Choice& choice,
                 const std::string& directory) {
  PM_CHECK(is_choice_of(choice, point.parts));
  const Files& files = history.files();
  fs::create_directories(directory);
  for (const FileNo number : files.in_an_image()) {
    const std::string path = directory + "/" + files[number].name;
    Descriptor descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!descriptor.is_open()) throw std::system_error(errno, std::generic_category(), path);
    Contents contents(std::move(descriptor), files[number].bytes);
    contents.become(history.certain(number));
    const auto set = [&](const Part& part, std::uint32_t version) {
      for (std::size_t i = 0; part.line.file == number && i < part.chunks.size(); i++)
        contents.set_chunk(part.line.line * kChunksInLine + part.chunks[i],
                           part.versions[version].values[i]);
    };
    for (const Part* part : point.fixed) set(*part, part->latest);
    for (std::size_t i = 0; i < choice.size(); i++) set(*point.parts[i], choice[i]);
  }
}

void write_readme(const Report& report, const Cause& cause, const Files& files,
                  const std::string& directory) {
  std::ofstream out(directory + "/README");
  out << "Image " << cause.id << " of " << report.recording.path()
      << ": what a power failure may leave.\n\n";
  write_cause(out, report, cause);
  out << "\nTo open it with the program, copy the files to where the program had them:\n\n";
  for (const FileNo number : files.in_an_image())
    if (!files[number].is_memory())
      out << "  cp --sparse=always " << files[number].name << " " << files[number].path << "\n";
  out << "\nTo make this image again:\n\n  pmemcheck-explore";
  for (const std::string& word : report.results.words) out << " " << quoted_for_shell(word);
  out << " --replay=" << cause.id << "\n";
}

}  // namespace

void save_causes(const Report& report, const Survey& survey, const std::string& directory) {
  Points points(report.recording, survey, report.arguments.scope);
  std::size_t left = report.causes.size();
  points.for_each([&](const Point& point) {
    for (const Cause& cause : report.causes) {
      if (cause.point != point.number) continue;
      const std::string target = directory + "/" + cause.id;
      write_files(points.history(), point, cause.choice, target);
      write_readme(report, cause, points.history().files(), target);
      left--;
    }
    return left > 0;
  });
}

Verdict replay(const Recording& recording, const Survey& survey, const Arguments& arguments,
               const std::string& directory, const std::string& work_directory) {
  const std::optional<StateId> id = read_state_id(arguments.replay_id);
  if (!id)
    throw UserError("--replay=" + arguments.replay_id +
                    ": want the ID of an image, as the report "
                    "prints it: p7-3.0");
  std::optional<Verdict> verdict;
  Points points(recording, survey, arguments.scope);
  points.for_each([&](const Point& point) {
    if (point.number != id->point) return true;
    const std::optional<Choice> choice = choice_of(*id, point.parts);
    if (!choice) return false;
    write_files(points.history(), point, *choice, directory + "/" + arguments.replay_id);
    verdict = Verdict{};
    if (!arguments.checker.is_given()) return false;
    Image image(work_directory, points.history().files());
    image.move_to(points.history(), point);
    image.become(point, *choice);
    verdict = make_checker(arguments.checker, image)->run(1);
    return false;
  });
  if (!verdict)
    throw UserError("--replay=" + arguments.replay_id + ": no such image of " + recording.path() +
                    " with these options");
  return *verdict;
}

}  // namespace pmemcheck::explore
