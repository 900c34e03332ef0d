// text_log_reader.h: the log of --log-stores, in text, made into records.
//
// The text has no threads and no initial contents: there is one thread, and what the files held
// comes from copies that the user gives.  Its stores are of 8 bytes at most.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_text_log_reader.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "pmemcheck/explore/input/recording.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

// RETURNS: whether a file is one, by the first line of it that may belong to a log.
bool looks_like_text_log(std::string_view file);

class TextLogReader {
 public:
  // What the records refer to is put into `strings` and `files`, which must outlive them.
  TextLogReader(const PreImages& images, std::deque<std::string>& strings,
                std::deque<MappedFile>& files)
      : images_(images), strings_(strings), files_(files) {}

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
  std::size_t line_ = 0;  // from 1
};

}  // namespace pmemcheck::explore
