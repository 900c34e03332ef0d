// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/recording.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pmemcheck/explore/states/contents.h"
#include "pmemcheck/explore/input/text_log_reader.h"
#include "pmemcheck/trace/trace_reader.h"

namespace pmemcheck::explore {

MappedFile::MappedFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status;
  if (!file.is_open() || fstat(file.number(), &status) != 0)
    throw UserError(path + ": " + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) throw UserError(path + ": not a file that can be mapped");
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* data = mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.number(), 0);
  if (data == MAP_FAILED) throw UserError(path + ": " + std::strerror(errno));
  data_ = static_cast<const std::uint8_t*>(data);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<std::uint8_t*>(data_), size_);
}

Recording::Recording(const std::string& path, const PreImages& images) : path_(path), file_(path) {
  if (looks_like_text_log(file_.text())) {
    is_text_ = true;
    read_text(images);
  } else {
    open_trace();
    if (!images.empty())
      throw UserError("--image: a trace holds what was in its files; it is for text logs");
  }
}

// Reads it once: where it ends, and where the words of its stacks are.
void Recording::open_trace() {
  TraceReader reader(file_.bytes());
  switch (reader.open()) {
  case TraceHead::Good: break;
  case TraceHead::Foreign:
    throw UserError(path_ + ": neither a trace (pmemcheck --trace=FILE) nor a log of stores "
                            "(--log-stores=yes)");
  case TraceHead::Cut:
    throw UserError(path_ + ": ends in its first bytes: the run was killed, or the disk was full, "
                            "before anything was recorded");
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
      notices_.push_back("the trace has no end: the run was killed, or the disk was full");
    break;
  case TraceRead::Cut:
    notices_.push_back("the trace ends within a record, at byte " + at +
                       ": the run was killed, or the disk was full; read up to there");
    break;
  case TraceRead::Damaged:
    throw UserError(path_ + ": damaged at byte " + at + ": there is no record there that format " +
                    std::to_string(reader.format()) + " (pmemcheck " +
                    std::string(reader.writer()) + ") has");
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
  reader.open();
  TraceRecord record;
  while (reader.next(record) == TraceRead::Record)
    if (!visit(record)) return;
}

std::string_view Recording::words(StackId stack) const {
  const auto found = stacks_.find(stack);
  return found != stacks_.end() ? found->second : std::string_view();
}

std::vector<std::string_view> Recording::frames(StackId stack) const {
  std::vector<std::string_view> frames;
  for (std::string_view rest = words(stack); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    frames.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return frames;
}

}  // namespace pmemcheck::explore
