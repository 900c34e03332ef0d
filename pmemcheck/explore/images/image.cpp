// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/image.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

namespace fs = std::filesystem;

Image::Image(std::string directory, const Files& files)
    : directory_(std::move(directory)), files_(files) {
  index_of_.assign(files.all().size(), ~std::size_t{0});
  for (const FileNo file : files.in_an_image()) {
    index_of_[file] = members_.size();
    members_.push_back(make_file(file, files[file]));
  }
  watch();
}

Image::~Image() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Image::watch() {
  struct stat status;
  if (stat(directory_.c_str(), &status) == 0) watched_ = status.st_ino;
  events_ = Descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  const std::uint32_t changes =
      IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE;
  if (events_.is_open() && inotify_add_watch(events_.number(), directory_.c_str(), changes) < 0)
    events_ = Descriptor();
}

Image::File Image::make_file(FileNo number, const FileInfo& info) const {
  const std::string path = directory_ + "/" + info.name;
  Descriptor descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  struct stat status;
  if (!descriptor.is_open() || fstat(descriptor.number(), &status) != 0)
    throw std::system_error(errno, std::generic_category(), path);
  return File{number, info.name, status.st_ino, Contents(std::move(descriptor), info.bytes)};
}

std::string Image::argument() const {
  return members_.size() == 1 ? directory_ + "/" + members_[0].name : directory_;
}

std::string Image::path_of(const std::string& name) const {
  for (const File& file : members_)
    if (file.name == name) return directory_ + "/" + name;
  return "";
}

Contents* Image::contents_of(FileNo file) {
  const std::size_t index = index_of_[file];
  return index < members_.size() ? &members_[index].contents : nullptr;
}

// ---- states -------------------------------------------------------------------------------------

void Image::move_to(History& history, const Point& point) {
  const auto set_certain = [&](FileNo file, std::uint64_t chunk) {
    if (Contents* contents = contents_of(file))
      contents->set_chunk(chunk, history.certain(file).chunk(chunk));
  };
  for (const auto& [file, chunk] : fixed_) set_certain(file, chunk);
  fixed_.clear();
  if (const auto changes = history.take_changes()) {
    for (const auto& [file, chunk] : *changes) set_certain(file, chunk);
  } else {
    for (File& file : members_) file.contents.become(history.certain(file.number));
  }
  for (const Part* part : point.fixed) {
    set_version(*part, part->latest);
    for (const std::uint8_t chunk : part->chunks)
      fixed_.emplace_back(part->line.file, part->line.line * kChunksInLine + chunk);
  }
  current_.assign(point.parts.size(), 0);
}

void Image::become(const Point& point, const Choice& choice) {
  PM_CHECK(choice.size() == current_.size());
  for (std::size_t i = 0; i < choice.size(); i++) {
    if (choice[i] == current_[i]) continue;
    set_version(*point.parts[i], choice[i]);
    current_[i] = choice[i];
  }
}

void Image::leave(const Point& point) {
  become(point, Choice(point.parts.size(), 0));
}

void Image::set_version(const Part& part, std::uint32_t version) {
  Contents* contents = contents_of(part.line.file);
  if (contents == nullptr) return;
  const Part::Version& v = part.versions[version];
  for (std::size_t i = 0; i < part.chunks.size(); i++)
    contents->set_chunk(part.line.line * kChunksInLine + part.chunks[i], v.values[i]);
}

// ---- what checkers do to it ---------------------------------------------------------------------

void Image::drain_events(bool* seen) {
  alignas(inotify_event) char buffer[4096];
  while (events_.is_open()) {
    const ssize_t bytes = read(events_.number(), buffer, sizeof buffer);
    if (bytes <= 0) return;
    if (seen != nullptr) *seen = true;
  }
}

void Image::before_check() {
  std::uint64_t grown = 0;
  for (const File& file : members_) grown += file.contents.times_grown();
  if (grown == times_grown_) return;
  times_grown_ = grown;
  drain_events(nullptr);  // our own
}

bool Image::was_touched() {
  bool seen = !events_.is_open();
  drain_events(&seen);
  return seen;
}

bool Image::is_whole(const File& file) const {
  struct stat status;
  return lstat((directory_ + "/" + file.name).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_ino == file.inode && status.st_size == static_cast<off_t>(file.contents.bytes());
}

void Image::remove_strangers() const {
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename();
    const auto is_it = [&](const File& file) { return file.name == name; };
    if (std::none_of(members_.begin(), members_.end(), is_it)) fs::remove_all(entry.path());
  }
}

void Image::repair(const History& history, const Point& point) {
  // A checker may have taken its rights from the directory, or the directory away.
  fs::create_directories(directory_);
  fs::permissions(directory_, fs::perms::owner_all);
  remove_strangers();
  std::vector<File> repaired;
  for (File& file : members_) {
    if (is_whole(file)) {
      chmod((directory_ + "/" + file.name).c_str(), 0600);
      file.contents.forget_room();
      repaired.push_back(std::move(file));
    } else {
      fs::remove_all(directory_ + "/" + file.name);
      repaired.push_back(make_file(file.number, files_[file.number]));
    }
  }
  members_.swap(repaired);
  repaired.clear();  // closing a file that is gone is told of, too
  for (File& file : members_) file.contents.become(history.certain(file.number));
  for (const Part* part : point.fixed) set_version(*part, part->latest);
  for (std::size_t i = 0; i < current_.size(); i++)
    if (current_[i] != 0) set_version(*point.parts[i], current_[i]);
  struct stat status;
  if (stat(directory_.c_str(), &status) == 0 && status.st_ino != watched_) watch();
  drain_events(nullptr);
}

}  // namespace pmemcheck::explore
