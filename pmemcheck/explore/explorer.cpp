// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/explorer.h"

#include <set>

#include "pmemcheck/explore/checks/make_checker.h"
#include "pmemcheck/explore/images/image.h"
#include "pmemcheck/explore/images/seen_images.h"
#include "pmemcheck/explore/states/point.h"

namespace pmemcheck::explore {

namespace {

Failure failure_of(const Point& point, const Choice& choice, ContentHash hash, Verdict verdict) {
  Failure failure;
  failure.point = point.number;
  failure.hash = hash;
  failure.verdict = verdict;
  for (std::uint32_t part = 0; part < choice.size(); part++)
    if (choice[part] != 0) failure.choice.emplace_back(part, choice[part]);
  return failure;
}

void count_point(const Point& point, Tally& tally) {
  tally.points++;
  tally.parts += point.parts.size();
  std::set<FileLine> lines;
  for (const Part* part : point.parts) {
    lines.insert(part->line);
    if (!part->is_complete) tally.incomplete_parts++;
  }
  tally.lines += lines.size();
  tally.possible += possible_choices(point.parts);
}

}  // namespace

Results explore(const Work& work) {
  PM_CHECK(work.share.is_valid());
  const Arguments& arguments = work.arguments;
  Points points(work.recording, work.survey, arguments.scope);
  Image image(work.directory, points.history().files());
  const std::unique_ptr<Checker> checker = make_checker(arguments.checker, image);
  Choices choices(arguments.limits);
  SeenImages seen;
  Results results;
  Tally& tally = results.tally;

  points.for_each([&](const Point& point) {
    count_point(point, tally);
    image.move_to(points.history(), point);
    const Strength strength =
        choices.for_each(point.engine, point.parts, point.number, [&](const Choice& choice) {
          if (work.progress != nullptr && work.progress->is_to_stop.load(std::memory_order_relaxed))
            return results.is_whole = false;
          const std::uint64_t index = tally.listed++;
          const ContentHash hash = hash_of(point, choice);
          if (!belongs_to(hash, work.share)) return true;
          if (!seen.insert(hash)) {
            tally.equal++;
            return true;
          }
          tally.checked++;
          if (index < work.first) return true;
          image.become(point, choice);
          const Verdict verdict = check_image(*checker, image, points.history(), point, -1);
          if (verdict.left_children) tally.left_children++;
          if (!verdict.is_consistent())
            results.failures.push_back(failure_of(point, choice, hash, verdict));
          if (work.progress != nullptr) {
            work.progress->checked.fetch_add(1, std::memory_order_relaxed);
            if (!verdict.is_consistent())
              work.progress->failures.fetch_add(1, std::memory_order_relaxed);
          }
          return true;
        });
    tally.by_strength[static_cast<std::size_t>(strength)]++;
    if (work.progress != nullptr)
      work.progress->points.store(tally.points, std::memory_order_relaxed);
    image.leave(point);
    return results.is_whole;
  });
  tally.repeated_points = points.repeated();
  results.done = {tally.listed};
  return results;
}

}  // namespace pmemcheck::explore
