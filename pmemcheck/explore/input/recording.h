// recording.h: a run that was recorded, as records: a trace, or a log of stores in text.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_recording.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

// What is wrong with what the user gave: said as it is, without more.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A file in memory, to be read.
class MappedFile {
 public:
  // Throws UserError.
  explicit MappedFile(const std::string& path);
  MappedFile(MappedFile&& o) noexcept : data_(o.data_), size_(o.size_) { o.data_ = nullptr; }
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();
  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// For text logs: copies of files, made before the run, by the file's path or its last part.
using PreImages = std::map<std::string, std::string>;

class Recording {
 public:
  // Throws UserError where the file is no recording that can be read.
  Recording(const std::string& path, const PreImages& images);

  // Calls visit(record) for each record in order, until it returns false.
  void for_each(const std::function<bool(const TraceRecord&)>& visit) const;

  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return file_.bytes().size(); }
  // What should be said about the recording before it is explored; each a sentence.
  const std::vector<std::string>& notices() const { return notices_; }
  // The words of a stack, a line a frame; empty for none.
  std::string_view words(StackId stack) const;
  // RETURNS: the lines of words().
  std::vector<std::string_view> frames(StackId stack) const;

 private:
  void open_trace();
  void read_text(const PreImages& images);

  std::string path_;
  MappedFile file_;
  bool is_text_ = false;
  std::vector<std::string> notices_;
  std::map<StackId, std::string_view> stacks_;
  // Of a text log: the records, and what they refer to.
  std::vector<TraceRecord> records_;
  std::deque<std::string> strings_;
  std::deque<MappedFile> images_;
};

}  // namespace pmemcheck::explore
