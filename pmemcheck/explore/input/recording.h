// recording.h: a recorded run as a sequence of records, from a trace or from a text log.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_recording.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pmemcheck/explore/input/mapped_file.h"
#include "pmemcheck/explore/input/text_log_reader.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

class Recording {
 public:
  // Opens a trace (--trace) or a text log (--log-stores).  `images` are for text logs only.
  // Throws UserError if the file is neither, or cannot be read.
  Recording(const std::string& path, const PreImages& images);

  // Calls visit(record) for each record in order, until it returns false.  What a record refers to
  // lives as long as this.
  void for_each(const std::function<bool(const TraceRecord&)>& visit) const;

  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return file_.bytes().size(); }
  // Sentences that the user should see before the recording is explored.
  const std::vector<std::string>& notices() const { return notices_; }
  // RETURNS: the text of a stack, one frame a line; empty where none was recorded.
  std::string_view stack_text(StackId stack) const;
  // RETURNS: the lines of stack_text().
  std::vector<std::string_view> frames(StackId stack) const;

 private:
  void open_trace();
  void read_text(const PreImages& images);

  std::string path_;
  MappedFile file_;
  bool is_text_ = false;
  std::vector<std::string> notices_;
  std::map<StackId, std::string_view> stacks_;
  // Of a text log: the records, and the data that they refer to.
  std::vector<TraceRecord> records_;
  std::deque<std::string> strings_;
  std::deque<MappedFile> images_;
};

}  // namespace pmemcheck::explore
