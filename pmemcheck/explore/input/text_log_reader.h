// text_log_reader.h: turns the text log of --log-stores into records.
//
// The text names no threads and has no initial contents: all records count as those of one thread,
// and the user supplies copies of the files from before the run.  Its stores have at most 8 bytes.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_text_log_reader.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pmemcheck/explore/input/mapped_file.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

// Copies of files that were made before the run, by the file's path or its last component.
using PreImages = std::map<std::string, std::string>;

// RETURNS: whether the first lines of a file show that it is a text log.
bool looks_like_text_log(std::string_view file);

class TextLogReader {
 public:
  // Puts what the records refer to into `strings` and `files`, which must outlive them.
  TextLogReader(const PreImages& images, std::deque<std::string>& strings,
                std::deque<MappedFile>& files)
      : images_(images), strings_(strings), files_(files) {}

  // Reads a whole log.  REQUIRES: called once.
  // Throws UserError, which names `path`, the line, and what was wanted there.
  void read(std::string_view file, const std::string& path);
  std::vector<TraceRecord>& records() { return records_; }
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  void read_record(std::string_view text);
  void store(const std::vector<std::string_view>& fields);
  void register_file(const std::vector<std::string_view>& fields);
  StackId stack_of(const std::vector<std::string_view>& fields, std::size_t first);
  std::uint64_t number(std::string_view text) const;
  [[noreturn]] void fail(const std::string& wanted) const;

  const PreImages& images_;
  std::deque<std::string>& strings_;
  std::deque<MappedFile>& files_;
  std::vector<TraceRecord> records_;
  std::vector<std::string> notices_;
  std::map<std::string, StackId> stacks_;
  std::string path_;
  std::size_t line_ = 0;  // from 1; 0 before read()
};

}  // namespace pmemcheck::explore
