// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/reducer.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/mman.h>
#include <unistd.h>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/checks/make_checker.h"
#include "pmemcheck/explore/images/image.h"
#include "pmemcheck/explore/input/descriptor.h"
#include "pmemcheck/explore/input/user_error.h"
#include "pmemcheck/explore/interrupts.h"
#include "pmemcheck/explore/states/state_id.h"

namespace pmemcheck::explore {

namespace {

using Fails = std::function<bool(const Choice&)>;
using Set = std::vector<std::size_t>;  // of parts

// RETURNS: the smallest subset of `items` for which test() holds, if it has at most two items;
// otherwise a subset from which no item can be left out.  Assumes test(items).
Set smallest(const Set& items, const std::function<bool(const Set&)>& test) {
  if (items.empty() || test({})) return {};
  for (const std::size_t item : items)
    if (items.size() > 1 && test({item})) return {item};
  constexpr std::size_t kMostForPairs = 24;
  for (std::size_t i = 0; i < items.size() && items.size() > 2 && items.size() <= kMostForPairs;
       i++)
    for (std::size_t j = i + 1; j < items.size(); j++)
      if (test({items[i], items[j]})) return {items[i], items[j]};

  // Leave out halves, then quarters, and so on down to single items.
  Set left = items;
  for (std::size_t size = left.size() / 2; size >= 1; size /= 2) {
    for (std::size_t begin = 0; begin < left.size();) {
      Set fewer(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(begin));
      const std::size_t end = std::min(begin + size, left.size());
      fewer.insert(fewer.end(), left.begin() + static_cast<std::ptrdiff_t>(end), left.end());
      if (fewer.size() < left.size() && test(fewer))
        left = std::move(fewer);
      else
        begin += size;
    }
    // An item that had to stay may be left out once another is gone.
    if (size == 1 && left.size() < items.size()) {
      bool changed = true;
      while (changed) {
        changed = false;
        for (std::size_t i = 0; i < left.size() && !changed; i++) {
          Set fewer = left;
          fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
          if (!test(fewer)) continue;
          left = std::move(fewer);
          changed = true;
        }
      }
    }
  }
  return left;
}

// A file without a name that a checker writes its output to.
class Output {
 public:
  Output() : descriptor_(memfd_create("pmemcheck-explore output", MFD_CLOEXEC)) {
    if (!descriptor_.is_open()) throw std::system_error(errno, std::generic_category(), "output");
  }
  int descriptor() const { return descriptor_.number(); }
  void clear() {
    if (ftruncate(descriptor(), 0) == 0) lseek(descriptor(), 0, SEEK_SET);
  }
  // RETURNS: the last bytes of it.
  std::string tail() const {
    constexpr off_t kMost = 2000;
    const off_t size = lseek(descriptor(), 0, SEEK_END);
    const off_t begin = std::max<off_t>(0, size - kMost);
    std::string text(static_cast<std::size_t>(size - begin), '\0');
    const ssize_t bytes = pread(descriptor(), text.data(), text.size(), begin);
    text.resize(bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    return text;
  }

 private:
  Descriptor descriptor_;
};

// Thrown to leave a reduction after an interrupt.
struct Interrupted {};

enum class Side { Kept, Lost };

// RETURNS: the names, by the program or the user, of the ranges that share a byte with these.
std::vector<std::string> names_of(const History& history, const Arguments& arguments,
                                  FileLocation location, std::uint64_t bytes) {
  std::vector<std::string> names;
  for (const std::string_view name : history.names_of(location, bytes)) names.emplace_back(name);
  const FileInfo& file = history.files()[location.file];
  for (const NamedRange& n : arguments.names) {
    const bool is_file = n.file == file.path || n.file == file.name ||
                         n.file == file.path.substr(file.path.rfind('/') + 1);
    if (is_file && location.offset < n.offset + n.bytes && n.offset < location.offset + bytes)
      names.push_back(n.name);
  }
  return names;
}

// RETURNS: the decisive store: the last one that the version keeps, or the first one that it loses.
DecisiveStore decisive_store(const History& history, const Arguments& arguments, const Part& part,
                             std::uint32_t version, Side side) {
  PM_CHECK(version < part.levels() && !part.atoms.empty());
  const Part::Version& v = part.versions[version];
  const auto index = [&] {
    if (side == Side::Kept) {
      for (std::size_t i = part.atoms.size(); i-- > 0;)
        if (v.kept[i]) return i;
    }
    const auto first = std::find(v.kept.begin(), v.kept.end(), false);
    const auto found = static_cast<std::size_t>(first - v.kept.begin());
    return found < part.atoms.size() ? found : part.atoms.size() - 1;
  }();
  const Atom& atom = part.atoms[index];
  // The bytes of that store that the part holds.
  std::uint64_t begin = ~std::uint64_t{0}, end = 0;
  for (const Atom& other : part.atoms) {
    if (other.number != atom.number) continue;
    for (unsigned i = 0; i < kChunkBytes; i++) {
      if ((other.mask >> 8 * i & 0xff) == 0) continue;
      const std::uint64_t at = part.line.line * kLineBytes + other.chunk * kChunkBytes + i;
      begin = std::min(begin, at);
      end = std::max(end, at + 1);
    }
  }
  const FileInfo& file = history.files()[part.line.file];
  return {.file = file.is_memory() ? file.name : file.path,
          .offset = begin,
          .bytes = end - begin,
          .stack = atom.stack,
          .thread = atom.thread,
          .store = atom.number,
          .flushed_at = atom.flushed_at,
          .is_non_temporal = atom.kind == StoreKind::NonTemporal,
          .names = names_of(history, arguments, {part.line.file, begin}, end - begin)};
}

std::vector<StackId> stacks_of(const std::vector<DecisiveStore>& stores) {
  std::vector<StackId> stacks;
  for (const DecisiveStore& store : stores) stacks.push_back(store.stack);
  std::sort(stacks.begin(), stacks.end());
  stacks.erase(std::unique(stacks.begin(), stacks.end()), stacks.end());
  return stacks;
}

// RETURNS: whether the state keeps and loses stores with the stacks of the cause.
bool explains(const Cause& cause, const Point& point, const Choice& choice) {
  const auto has = [&](StackId stack, bool wanted) {
    for (std::size_t p = 0; p < point.parts.size(); p++)
      for (std::size_t i = 0; i < point.parts[p]->atoms.size(); i++)
        if (point.parts[p]->atoms[i].stack == stack &&
            point.parts[p]->versions[choice[p]].kept[i] == wanted)
          return true;
    return false;
  };
  return std::all_of(cause.kept.begin(), cause.kept.end(),
                     [&](const DecisiveStore& s) { return has(s.stack, true); }) &&
         std::all_of(cause.lost.begin(), cause.lost.end(),
                     [&](const DecisiveStore& s) { return has(s.stack, false); });
}

}  // namespace

bool same_cause(const Cause& a, const Cause& b) {
  if (a.kept.empty() && a.lost.empty() && a.barrier.stack != b.barrier.stack) return false;
  return stacks_of(a.kept) == stacks_of(b.kept) && stacks_of(a.lost) == stacks_of(b.lost);
}

Reduced reduce(const Choice& choice, const Choice& latest, const Fails& fails) {
  PM_CHECK(choice.size() == latest.size());
  Reduced reduced;
  Set kept;
  for (std::size_t i = 0; i < choice.size(); i++)
    if (choice[i] != 0) kept.push_back(i);
  const auto keeping = [&](const Set& set) {
    Choice fewer(choice.size(), 0);
    for (const std::size_t i : set) fewer[i] = choice[i];
    return fewer;
  };
  reduced.kept = smallest(kept, [&](const Set& set) { return fails(keeping(set)); });

  // With these parts kept, lose as few of the others as possible.
  const Choice core = keeping(reduced.kept);
  Set lost;
  for (std::size_t i = 0; i < choice.size(); i++)
    if (core[i] != latest[i]) lost.push_back(i);
  const auto losing = [&](const Set& set) {
    Choice most = latest;
    for (const std::size_t i : set) most[i] = core[i];
    return most;
  };
  reduced.lost = smallest(lost, [&](const Set& set) { return fails(losing(set)); });
  reduced.choice = losing(reduced.lost);
  // A part without kept stores in the reduced state explains nothing.
  std::erase_if(reduced.kept, [&](std::size_t i) { return reduced.choice[i] == 0; });
  return reduced;
}

std::vector<Cause> find_causes(const Recording& recording, const Survey& survey,
                               const Arguments& arguments, const std::string& directory,
                               const std::vector<Failure>& failures) {
  PM_CHECK(std::is_sorted(failures.begin(), failures.end(),
                          [](const Failure& a, const Failure& b) { return a.point < b.point; }));
  std::vector<Cause> causes;
  Points points(recording, survey, arguments.scope);
  Image image(directory, points.history().files());
  const std::unique_ptr<Checker> checker = make_checker(arguments.checker, image);
  Output output;
  std::size_t next = 0;
  std::uint64_t reductions = 0;

  const auto explain = [&](const Point& point, const Failure& failure) {
    if (!failure.is_of(point.parts))
      throw UserError("point " + std::to_string(point.number) +
                      " has no such state as failed: the results are of another trace");
    const Choice choice = failure.full_choice(point.parts.size());
    const auto explained = [&](const Cause& c) { return explains(c, point, choice); };
    if (reductions >= arguments.max_reductions) {
      const auto known = std::find_if(causes.begin(), causes.end(), explained);
      if (known != causes.end()) {
        known->states++;
        known->assumed++;
        return;
      }
    }
    reductions++;
    const auto run = [&](const Choice& state) {
      if (Interrupts::have_come()) throw Interrupted();
      image.become(point, state);
      output.clear();
      return check_image(*checker, image, points.history(), point, output.descriptor());
    };
    const Choice latest = latest_choice(point.parts);
    Cause cause;
    const Reduced reduced =
        reduce(choice, latest, [&](const Choice& state) { return !run(state).is_consistent(); });
    cause.verdict = run(reduced.choice);
    cause.output = output.tail();
    cause.barrier = point.barrier;
    cause.point = point.number;
    cause.choice = reduced.choice;
    cause.id = state_name(id_of(point.number, reduced.choice, latest));
    for (const std::size_t i : reduced.kept)
      cause.kept.push_back(decisive_store(points.history(), arguments, *point.parts[i],
                                          reduced.choice[i], Side::Kept));
    for (const std::size_t i : reduced.lost)
      cause.lost.push_back(decisive_store(points.history(), arguments, *point.parts[i],
                                          reduced.choice[i], Side::Lost));
    const auto same = std::find_if(causes.begin(), causes.end(),
                                   [&](const Cause& c) { return same_cause(c, cause); });
    if (same != causes.end())
      same->states++;
    else
      causes.push_back(std::move(cause));
  };

  try {
    points.for_each([&](const Point& point) {
      if (next == failures.size()) return false;
      if (failures[next].point != point.number) return true;
      image.move_to(points.history(), point);
      for (; next < failures.size() && failures[next].point == point.number; next++)
        explain(point, failures[next]);
      image.leave(point);
      return true;
    });
  } catch (const Interrupted&) {
    // Each cause is complete: it is added after its last check.
  }
  return causes;
}

}  // namespace pmemcheck::explore
