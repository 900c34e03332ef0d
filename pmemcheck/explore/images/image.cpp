// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/image.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

namespace fs = std::filesystem;

Image::Image(std::string directory, const Files& files)
    : directory_(std::move(directory)), files_(files) {
  PM_CHECK(fs::is_empty(directory_));
  index_of_.assign(files.all().size(), ~std::size_t{0});
  for (const FileNo file : files.in_an_image()) {
    index_of_[file] = members_.size();
    members_.push_back(make_file(file, files[file]));
  }
  watch_.emplace(directory_);
}

Image::~Image() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
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
  PM_CHECK(file < index_of_.size());
  const std::size_t index = index_of_[file];
  return index < members_.size() ? &members_[index].contents : nullptr;
}

// ---- states -------------------------------------------------------------------------------------

void Image::move_to(History& history, const Point& point) {
  PM_CHECK(point_ == 0 && point.number != 0);
  PM_CHECK(history.files().all().size() == index_of_.size());
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
  point_ = point.number;
}

void Image::become(const Point& point, const Choice& choice) {
  PM_CHECK(point.number == point_ && point_ != 0);
  PM_CHECK(choice.size() == point.parts.size());
  for (std::size_t i = 0; i < choice.size(); i++) {
    if (choice[i] == current_[i]) continue;
    set_version(*point.parts[i], choice[i]);
    current_[i] = choice[i];
  }
}

void Image::leave(const Point& point) {
  become(point, Choice(point.parts.size(), 0));
  point_ = 0;
}

void Image::set_version(const Part& part, std::uint32_t version) {
  Contents* contents = contents_of(part.line.file);
  if (contents == nullptr) return;
  PM_CHECK(version < part.versions.size());
  const Part::Version& v = part.versions[version];
  for (std::size_t i = 0; i < part.chunks.size(); i++)
    contents->set_chunk(part.line.line * kChunksInLine + part.chunks[i], v.values[i]);
}

// ---- what checkers change -----------------------------------------------------------------------

std::uint64_t Image::times_grown() const {
  std::uint64_t sum = 0;
  for (const File& file : members_) sum += file.contents.times_grown();
  return sum;
}

void Image::before_check() {
  PM_CHECK(point_ != 0);
  const std::uint64_t grown = times_grown();
  if (grown == times_grown_) return;
  times_grown_ = grown;
  watch_->restart();  // those changes were ours
}

bool Image::was_touched() {
  return watch_->has_changed();
}

bool Image::is_whole(const File& file) const {
  struct stat status;
  return lstat((directory_ + "/" + file.name).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_ino == file.inode && status.st_size == static_cast<off_t>(file.contents.bytes());
}

void Image::remove_added_files() const {
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename();
    const auto is_it = [&](const File& file) { return file.name == name; };
    if (std::none_of(members_.begin(), members_.end(), is_it)) fs::remove_all(entry.path());
  }
}

void Image::repair(const History& history, const Point& point) {
  PM_CHECK(point.number == point_ && point_ != 0);
  // A checker may have removed the directory, or the permissions to use it.
  fs::create_directories(directory_);
  fs::permissions(directory_, fs::perms::owner_all);
  remove_added_files();
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
  repaired.clear();  // closing a file that is gone is an event, which restart() below drops
  for (File& file : members_) file.contents.become(history.certain(file.number));
  for (const Part* part : point.fixed) set_version(*part, part->latest);
  for (std::size_t i = 0; i < current_.size(); i++)
    if (current_[i] != 0) set_version(*point.parts[i], current_[i]);
  times_grown_ = times_grown();
  watch_->restart();
}

}  // namespace pmemcheck::explore
