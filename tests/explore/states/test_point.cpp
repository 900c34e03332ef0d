// test_point.cpp: the images of random small programs, against a simulation that tries every subset
// of their stores at every moment.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/point.h"

#include <algorithm>
#include <cstdio>

#include "tests/check_failure.h"
#include "tests/explore/trace_builder.h"
#include "tests/random.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
using test::images_of;
using test::TraceBuilder;

namespace {

constexpr std::uint64_t kFileBytes = 192;

// What a program does: the oracle and the trace are both made from it.
struct Event {
  enum Kind { Store, NtStore, WeakFlush, StrongFlush, Fence, Persist } kind;
  unsigned thread;
  std::uint64_t offset;
  std::string bytes;   // of a store
  std::uint64_t size;  // of a flush
};

std::string text_of_events(const std::vector<Event>& events) {
  const char* const names[] = {"store", "nt", "weak", "strong", "fence", "persist"};
  std::string words;
  for (const Event& e : events)
    words += std::string(names[e.kind]) + " by " + std::to_string(e.thread) + " at " +
             std::to_string(e.offset) + " of " + std::to_string(e.size) + "; ";
  return words;
}

// At most 8 aligned bytes of a store, which are kept or lost as a whole.
struct Piece {
  std::size_t event;
  std::uint64_t begin, end;  // in the file
};

bool overlaps(const Piece& p, const Event& e) {
  return p.begin < e.offset + e.size && e.offset < p.end;
}

// RETURNS: whether a piece must be in memory after `moment` events.
bool is_certain(const Piece& piece, const std::vector<Event>& events, std::size_t moment,
                Domain domain, FenceScope scope) {
  const Event& store = events[piece.event];
  const bool is_nt = store.kind == Event::NtStore;
  if (domain == Domain::eadr && !is_nt) return true;
  const auto fences_after = [&](unsigned thread, std::size_t from) {
    for (std::size_t i = from + 1; i < moment; i++)
      if (events[i].kind == Event::Fence &&
          (events[i].thread == thread || scope == FenceScope::process))
        return true;
    return false;
  };
  if (is_nt && fences_after(store.thread, piece.event)) return true;
  for (std::size_t i = piece.event + 1; i < moment; i++) {
    const Event& e = events[i];
    if (!overlaps(piece, e)) continue;
    if (e.kind == Event::StrongFlush || e.kind == Event::Persist) return true;
    if (e.kind == Event::WeakFlush && !is_nt && fences_after(e.thread, i)) return true;
  }
  return false;
}

// RETURNS: whether `later` is kept only together with `earlier`.
bool is_bound(const Piece& earlier, const Piece& later, const std::vector<Event>& events) {
  if (earlier.begin / 64 != later.begin / 64) return false;
  if (earlier.begin / 8 == later.begin / 8) return true;
  return events[earlier.event].kind == Event::Store && events[later.event].kind == Event::Store;
}

std::set<std::string> oracle(const std::vector<Event>& events, Domain domain, FenceScope scope) {
  std::set<std::string> images;
  std::vector<Piece> all;
  for (std::size_t i = 0; i < events.size(); i++) {
    if (events[i].kind != Event::Store && events[i].kind != Event::NtStore) continue;
    for (std::uint64_t at = events[i].offset; at < events[i].offset + events[i].size;) {
      const std::uint64_t end = std::min(at / 8 * 8 + 8, events[i].offset + events[i].size);
      all.push_back({i, at, end});
      at = end;
    }
  }
  for (std::size_t moment = 0; moment <= events.size(); moment++) {
    // The last store may be under way, with any number of its pieces made.
    std::vector<Piece> made;
    std::size_t whole = 0;
    for (const Piece& p : all) {
      if (p.event >= moment) break;
      made.push_back(p);
      if (p.event + 1 < moment) whole++;
    }
    for (; whole <= made.size(); whole++) {
      const std::vector<Piece> pieces(made.begin(),
                                      made.begin() + static_cast<std::ptrdiff_t>(whole));
      for (std::uint32_t kept = 0; kept < 1u << pieces.size(); kept++) {
        bool is_possible = true;
        for (std::size_t i = 0; i < pieces.size() && is_possible; i++) {
          if ((kept >> i & 1) == 0) {
            is_possible = !is_certain(pieces[i], events, moment, domain, scope);
            continue;
          }
          for (std::size_t j = 0; j < i && is_possible; j++)
            is_possible = (kept >> j & 1) != 0 || !is_bound(pieces[j], pieces[i], events);
        }
        if (!is_possible) continue;
        std::string image(kFileBytes, '\0');
        for (std::size_t i = 0; i < pieces.size(); i++)
          if ((kept >> i & 1) != 0)
            for (std::uint64_t at = pieces[i].begin; at < pieces[i].end; at++)
              image[at] = events[pieces[i].event].bytes[at - events[pieces[i].event].offset];
        images.insert(image);
      }
    }
  }
  return images;
}

std::vector<Event> random_events(test::Random& random) {
  std::vector<Event> events;
  std::size_t pieces = 0;
  for (std::uint64_t n = 4 + random.below(9); n > 0; n--) {
    Event e{Event::Fence, 1 + static_cast<unsigned>(random.below(2)), 0, "", 0};
    const std::uint64_t line = random.below(3) * 64;
    switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      e.kind = random.below(3) == 0 ? Event::NtStore : Event::Store;
      const std::uint64_t sizes[] = {1, 4, 8, 8, 16, 32};
      e.size = sizes[random.below(6)];
      e.offset = std::min(line + random.below(12) * 4, kFileBytes - e.size);
      const std::size_t more = (e.offset % 8 + e.size + 7) / 8;
      if (pieces + more > 9) continue;
      pieces += more;
      for (std::uint64_t i = 0; i < e.size; i++)
        e.bytes += static_cast<char>('a' + random.below(26));
      break;
    }
    case 5:
      e.kind = Event::WeakFlush;
      e.offset = line;
      e.size = 64;
      break;
    case 6:
      // As the program requests it, for these bytes only.
      e.kind = random.below(2) == 0 ? Event::WeakFlush : Event::Persist;
      e.offset = line + random.below(50);
      e.size = 1 + random.below(80);
      break;
    case 7:
      if (random.below(2) == 0) break;
      e.kind = Event::StrongFlush;
      e.offset = line;
      e.size = 64;
      break;
    default: break;
    }
    events.push_back(e);
  }
  return events;
}

std::string trace_of(const std::vector<Event>& events, Domain domain, FenceScope scope) {
  TraceBuilder trace(kFileBytes, domain, scope);
  for (const Event& e : events) {
    trace.thread(e.thread);
    switch (e.kind) {
    case Event::Store: trace.store(e.offset, e.bytes); break;
    case Event::NtStore: trace.nt_store(e.offset, e.bytes); break;
    case Event::WeakFlush: trace.flush(e.offset, e.size); break;
    case Event::StrongFlush: trace.flush(e.offset, e.size, RecordKind::StrongFlush); break;
    case Event::Fence: trace.fence(); break;
    case Event::Persist: trace.persist(e.offset, e.size); break;
    }
  }
  return trace.file();
}

void compare_with_oracle(int programs, Domain domain, FenceScope scope) {
  test::Random random(static_cast<std::uint64_t>(domain) * 10 + static_cast<std::uint64_t>(scope));
  std::size_t most = 0;
  for (int i = 0; i < programs; i++) {
    const std::vector<Event> events = random_events(random);
    const std::set<std::string> expected = oracle(events, domain, scope);
    const std::set<std::string> found = images_of(trace_of(events, domain, scope));
    most = std::max(most, found.size());
    if (found != expected)
      fail_msg("program %d: %zu images, not %zu: %s", i, found.size(), expected.size(),
               text_of_events(events).c_str());
  }
  assert_true(most > 20 || domain == Domain::eadr);
}

}  // namespace

UNIT_TEST(exhaustive_exploration_gives_the_images_of_the_simulation) {
  compare_with_oracle(700, Domain::adr, FenceScope::thread);
}

UNIT_TEST(process_scope_fence_gives_the_images_of_the_simulation) {
  compare_with_oracle(150, Domain::adr, FenceScope::process);
}

UNIT_TEST(eadr_domain_gives_the_images_of_the_simulation) {
  compare_with_oracle(150, Domain::eadr, FenceScope::thread);
}

// 40 lines are stored to, one after the other; recovery fails if one given line is kept and another
// given one is not.
UNIT_TEST(pairs_find_every_bug_that_needs_two_lines) {
  test::Random random(5);
  for (int program = 0; program < 100; program++) {
    constexpr std::uint64_t kLines = 40;
    const std::uint64_t kept = random.below(kLines);
    const std::uint64_t lost = (kept + 1 + random.below(kLines - 1)) % kLines;
    TraceBuilder trace(kLines * 64);
    trace.thread(1);
    for (std::uint64_t line = 0; line < kLines; line++)
      for (std::uint64_t n = 0; n <= random.below(3); n++)
        trace.store(line * 64 + 8 * n, std::string(1, static_cast<char>('1' + n)));
    const std::uint64_t wanted_kept = kept * 64, wanted_lost = lost * 64;
    bool is_found = false;
    const std::set<std::string> images =
        images_of(trace.file(), {.engine = Engine::Pairs}, {.random_states = 0});
    for (const std::string& image : images)
      is_found = is_found || (image[wanted_kept] == '1' && image[wanted_lost] == '\0');
    assert_true(is_found);
    assert_true(images.size() < 60);
  }
}

UNIT_TEST(failure_points_lie_before_each_event_that_makes_stores_certain_and_at_the_end) {
  TraceBuilder trace;
  trace.thread(1).fence().store(0, "a").flush(0).fence().fence().flush(0).fence();
  trace.store(64, "b").flush(64, 64, RecordKind::StrongFlush).persist(0, 64).store(128, "c");
  trace.thread(2).flush(128).thread(1).fence().persist(128, 1);
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", trace.file()), {});
  const Survey survey(recording);
  const Scope scope;
  Points points(recording, survey, scope);
  std::vector<BarrierKind> kinds;
  points.for_each([&](const Point& point) {
    kinds.push_back(point.barrier.kind);
    assert_int_equal(point.number, kinds.size());
    return true;
  });
  assert_true(kinds == (std::vector<BarrierKind>{BarrierKind::Fence, BarrierKind::StrongFlush,
                                                 BarrierKind::Persist, BarrierKind::End}));
}

namespace {

std::size_t points_of(const std::string& trace, const Scope& scope) {
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", trace), {});
  const Survey survey(recording);
  Points points(recording, survey, scope);
  std::size_t count = 0;
  points.for_each([&](const Point&) {
    count++;
    return true;
  });
  return count;
}

}  // namespace

UNIT_TEST(markers_and_threads_of_a_scope_select_failure_points) {
  TraceBuilder trace;
  for (unsigned i = 1; i <= 4; i++) {
    trace.marker("m" + std::to_string(i)).thread(i);
    trace.store(0, std::to_string(i)).flush(0).fence();
  }
  const std::string file = trace.file();
  assert_int_equal(points_of(file, {}), 5);
  assert_int_equal(points_of(file, {.from_marker = "m3"}), 3);
  assert_int_equal(points_of(file, {.to_marker = "m3"}), 3);  // one at the marker itself
  assert_int_equal(points_of(file, {.from_marker = "m2", .to_marker = "m3"}), 2);
  assert_int_equal(points_of(file, {.from_marker = "none"}), 0);
  assert_int_equal(points_of(file, {.only_thread = 2}), 2);
}

UNIT_TEST(unique_stacks_skip_points_with_the_stacks_of_an_earlier_one) {
  const test::TemporaryDirectory directory;
  test::Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::adr, FenceScope::thread);
  w.map({.range = GuestRange::of(GuestAddr(0x1000), 64), .file_bytes = 64, .path = "/pool"});
  for (std::uint8_t i = 0; i < 10; i++) {
    w.store(RecordKind::Store, GuestAddr(0x1000), {&i, 1}, StackId{1});
    w.flush_of(RecordKind::WeakFlush, GuestRange::of(GuestAddr(0x1000), 64), StackId{2});
    w.fence(StackId{i < 5 ? 3u : 4u});
  }
  w.end();
  assert_int_equal(points_of(text.str(), {.unique_stacks = true}), 3 + 1);
  assert_int_equal(points_of(text.str(), {}), 11);
}

UNIT_TEST(a_marker_engine_is_used_between_its_begin_and_end) {
  TraceBuilder trace;
  trace.thread(1).store(0, "a").store(64, "b").marker("tx.BEGIN").flush(0).flush(64).fence();
  trace.marker("tx.END").store(0, "c").store(64, "d");
  const std::set<std::string> images =
      images_of(trace.file(), {.marker_engines = {{"tx", Engine::NoReorderDoCheck}}});
  // One in the transaction, and four at the end, one of which is the same image.
  assert_int_equal(images.size(), 4);
}

UNIT_TEST(files_outside_the_scope_keep_their_latest_contents) {
  test::Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::adr, FenceScope::thread);
  const std::uint8_t one = 'x';
  for (std::uint64_t i = 0; i < 2; i++) {
    w.map({.range = GuestRange::of(GuestAddr(0x1000 * (i + 1)), 64),
           .file_bytes = 64,
           .inode = i + 1,
           .path = i == 0 ? "/mnt/a" : "/mnt/b"});
    w.store(RecordKind::Store, GuestAddr(0x1000 * (i + 1)), {&one, 1}, StackId::None);
  }
  w.end();
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", text.str()), {});
  const Survey survey(recording);
  const Scope scope{.only_file = "*/a"};
  Points points(recording, survey, scope);
  Image image(directory.make("image"), points.history().files());
  points.for_each([&](const Point& point) {
    assert_int_equal(point.parts.size(), 1);
    image.move_to(points.history(), point);
    assert_true(test::text_of(image.path_of("a"))[0] == '\0');
    assert_true(test::text_of(image.path_of("b"))[0] == 'x');
    return true;
  });
}

UNIT_TEST(visiting_points_twice_and_choices_of_other_parts_fail_a_check) {
  TraceBuilder trace;
  trace.thread(1).store(0, "a");
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", trace.file()), {});
  const Survey survey(recording);
  const Scope scope;
  Points points(recording, survey, scope);
  const auto visit = [](const Point& point) {
    assert_check_fails(hash_of(point, {}));
    assert_check_fails(hash_of(point, {2}));
    return true;
  };
  points.for_each(visit);
  assert_check_fails(points.for_each(visit));
}
