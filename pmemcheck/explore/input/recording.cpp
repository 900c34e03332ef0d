// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/recording.h"

#include <algorithm>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/input/user_error.h"
#include "pmemcheck/trace/trace_reader.h"

namespace pmemcheck::explore {

Recording::Recording(const std::string& path, const PreImages& images) : path_(path), file_(path) {
  if (looks_like_text_log(file_.text())) {
    is_text_ = true;
    read_text(images);
  } else {
    open_trace();
    if (!images.empty())
      throw UserError("--image: is for text logs; a trace holds the contents of its files");
  }
}

// Reads the trace once to find out whether it is whole, and where the text of its stacks is.
void Recording::open_trace() {
  TraceReader reader(file_.bytes());
  switch (reader.open()) {
  case TraceHead::Good: break;
  case TraceHead::Foreign:
    throw UserError(path_ + ": neither a trace (pmemcheck --trace=FILE) nor a text log "
                            "(--log-stores=yes)");
  case TraceHead::Cut:
    throw UserError(path_ + ": ends within its first bytes: the run was killed, or the disk was "
                            "full, before anything was recorded");
  case TraceHead::Newer:
    throw UserError(path_ + ": a trace of format " + std::to_string(reader.format()) +
                    ", written by pmemcheck " + std::string(reader.writer()) +
                    "; this is pmemcheck-explore " PMEMCHECK_VERSION ", which reads format " +
                    std::to_string(kTraceFormat));
  }
  TraceRecord record;
  RecordKind last = RecordKind::Rules;
  TraceRead read;
  while ((read = reader.next(record)) == TraceRead::Record) {
    last = record.kind;
    if (record.kind == RecordKind::Stack) stacks_[record.stack] = record.text;
  }
  const std::string at = std::to_string(reader.offset()) + " of " + std::to_string(reader.size());
  switch (read) {
  case TraceRead::Record: break;
  case TraceRead::End:
    if (last != RecordKind::End)
      notices_.push_back("the trace is incomplete: the run was killed, or the disk was full");
    break;
  case TraceRead::Cut:
    notices_.push_back("the trace ends within a record, at byte " + at +
                       ": the run was killed, or the disk was full; what precedes it is used");
    break;
  case TraceRead::Damaged:
    throw UserError(path_ + ": damaged at byte " + at + ": no record of format " +
                    std::to_string(reader.format()) + " (pmemcheck " +
                    std::string(reader.writer()) + ") starts there");
  }
}

void Recording::read_text(const PreImages& images) {
  TextLogReader reader(images, strings_, images_);
  reader.read(file_.text(), path_);
  records_ = std::move(reader.records());
  for (const std::string& notice : reader.notices()) notices_.push_back(notice);
  for (const TraceRecord& record : records_)
    if (record.kind == RecordKind::Stack) stacks_[record.stack] = record.text;
}

void Recording::for_each(const std::function<bool(const TraceRecord&)>& visit) const {
  if (is_text_) {
    for (const TraceRecord& record : records_)
      if (!visit(record)) return;
    return;
  }
  TraceReader reader(file_.bytes());
  const TraceHead head = reader.open();
  PM_CHECK(head == TraceHead::Good);  // otherwise open_trace() would have thrown
  TraceRecord record;
  while (reader.next(record) == TraceRead::Record)
    if (!visit(record)) return;
}

std::string_view Recording::stack_text(StackId stack) const {
  const auto found = stacks_.find(stack);
  return found != stacks_.end() ? found->second : std::string_view();
}

std::vector<std::string_view> Recording::frames(StackId stack) const {
  std::vector<std::string_view> frames;
  for (std::string_view rest = stack_text(stack); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    frames.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return frames;
}

}  // namespace pmemcheck::explore
