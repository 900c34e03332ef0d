// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/point.h"

#include <algorithm>

#include <fnmatch.h>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

ContentHash hash_of(const Point& point, const Choice& choice) {
  PM_CHECK(choice.size() == point.parts.size());
  PM_DCHECK(is_choice_of(choice, point.parts));
  ContentHash hash = point.hash;
  for (std::size_t i = 0; i < choice.size(); i++)
    hash += point.parts[i]->versions[choice[i]].change;
  return hash;
}

void Points::for_each(const std::function<bool(const Point&)>& visit) {
  PM_CHECK(!was_called_);
  was_called_ = true;
  has_begun_ = scope_.from_marker.empty();
  bool goes_on = true;
  const auto at_point = [&](const Barrier& barrier) {
    if (!goes_on || !is_wanted(barrier)) return;
    Point point;
    point.barrier = barrier;
    if (!fill(point)) return;
    point.number = ++number_;
    goes_on = visit(point);
  };
  recording_.for_each([&](const TraceRecord& record) {
    if (record.kind == RecordKind::Marker) {
      const bool is_last =
          has_begun_ && !scope_.to_marker.empty() && record.text == scope_.to_marker;
      if (is_last) history_.end(at_point);
      has_ended_ = is_last;
      marker(record.text);
    }
    history_.apply(record, at_point);
    return goes_on && !has_ended_;
  });
  if (goes_on && !has_ended_) history_.end(at_point);
}

// Handles NAME.BEGIN and NAME.END, which PMDK's libraries and tests emit.
void Points::marker(std::string_view text) {
  has_begun_ = has_begun_ || text == scope_.from_marker;
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return;
  const std::string name(text.substr(0, dot));
  const auto configured = scope_.marker_engines.find(name);
  if (configured == scope_.marker_engines.end()) return;
  if (text.substr(dot) == ".BEGIN") {
    engines_.push_back(configured->second);
    open_markers_.push_back(name);
  } else if (text.substr(dot) == ".END") {
    const auto open = std::find(open_markers_.rbegin(), open_markers_.rend(), name);
    if (open == open_markers_.rend()) return;
    const auto index = open_markers_.rend() - open - 1;
    open_markers_.erase(open_markers_.begin() + index);
    engines_.erase(engines_.begin() + index);
  }
}

bool Points::is_wanted(const Barrier& barrier) const {
  if (!has_begun_ || has_ended_) return false;
  return scope_.only_thread == 0 || barrier.kind == BarrierKind::End ||
         barrier.thread == ThreadNo{scope_.only_thread};
}

// RETURNS: whether the point is explored; false for a repeated one.
bool Points::fill(Point& point) {
  point.engine = engines_.empty() ? scope_.engine : engines_.back();
  point.hash = history_.hash();
  std::vector<bool> is_chosen;
  for (const FileInfo& file : history_.files().all())
    is_chosen.push_back(scope_.only_file.empty() ||
                        fnmatch(scope_.only_file.c_str(), file.path.c_str(), 0) == 0 ||
                        fnmatch(scope_.only_file.c_str(), file.name.c_str(), 0) == 0);
  history_.for_each_part([&](const Part& part) {
    const bool has_choice = is_chosen[part.line.file];
    (has_choice ? point.parts : point.fixed).push_back(&part);
    if (!has_choice) point.hash += part.versions[part.latest].change;
  });
  if (!scope_.unique_stacks) return true;
  std::vector<std::uint64_t> shape = {static_cast<std::uint64_t>(point.barrier.kind),
                                      static_cast<std::uint64_t>(point.barrier.stack)};
  for (const Part* part : point.parts) {
    shape.push_back(~std::uint64_t{0});
    for (const Atom& atom : part->atoms) shape.push_back(static_cast<std::uint64_t>(atom.stack));
  }
  if (shapes_.insert(std::move(shape)).second) return true;
  repeated_++;
  return false;
}

}  // namespace pmemcheck::explore
