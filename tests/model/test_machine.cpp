// test_machine.cpp: compares the machine with an oracle, on strings of events.
//
// An event string is one line of events, separated by spaces.  Each is a letter and numbers:
//
//   s<begin>,<bytes>,<stack>   store               w<thread>,<line>           CLWB
//   c<line>                    CLFLUSH             r<thread>,<begin>,<bytes>  DO_FLUSH
//   f<thread>                  fence               k<begin>,<bytes>           SET_CLEAN
//   n<begin>,<bytes>,<stack>,<thread>   non-temporal store
//   u<line>                    the line is unmapped, and mapped again
//   m                          the mapping moves away, and back
//   g                          the shadow of durable memory is freed
//
// Addresses count from the beginning of the mapping; stacks 2n and 2n+1 come from the same place.
// P (fences have process scope) and E (the domain is eADR) may precede the events.
// A random string that fails is printed: paste it into kStrings.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/machine.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "tests/oracle.h"
#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Oracle;
using test::OracleEntry;

namespace {

constexpr std::uint64_t kBase = 0x7000'0f80;  // two lines before a page ends
constexpr std::uint64_t kLines = 4;           // under test; the lines around them stay clean
constexpr int kThreads = 3;
constexpr GuestRange kMapping = GuestRange::of(GuestAddr(kBase), kLines* kLineBytes);

// Strings that failed once, or that show a rule.
constexpr const char* kStrings[] = {
    "s0,8,2 w1,0 f1",                             // durable
    "s0,8,2 f1 w1,0",                             // flushed, and no fence after it
    "s0,8,2 w1,0 f2",                             // only another thread fences
    "s0,8,2 w1,0 s4,1,4 f1",                      // stored to after the flush
    "s60,8,2 w1,0",                               // across two lines
    "s0,8,2 s8,8,3 s16,8,4",                      // joined, joined, apart
    "s56,8,2 s64,8,2 w1,0 w1,1",                  // split by the flushes, and not joined again
    "s56,8,2 s64,8,2 r1,0,128",                   // one flush of both lines: still one entry
    "s0,8,2 w1,0 s0,4,2 w2,0 f1",                 // a line that two threads share
    "s0,8,2 w1,0 s0,4,2 w2,0 s0,1,2 w1,0 f2",     // they take bytes of the line from each other
    "s0,8,2 w1,0 s8,8,4 w2,0 c0 s0,8,2 w2,0 f1",  // CLFLUSH leaves nothing behind
    "n0,8,2,1 f2",                                // a non-temporal store needs a fence
    "n0,8,2,1 f1",                                // a non-temporal store needs no flush
    "n0,8,2,1 w2,0 f2",                           // another thread's flush does nothing for it
    "n0,8,2,1 n8,8,3,1 s16,8,2",                  // joined, apart
    "n0,8,2,1 w1,0 n8,8,2,1",                     // flushed since: apart
    "s0,8,2 w1,0 n4,8,4,2 f1",                    // takes bytes from a flushed store
    "s0,8,2 w1,0 s8,8,4 w2,0 m f2 m f1",          // a shared line moves
    "s0,8,2 w1,0 s0,4,2 w2,0 c0 g s8,8,2 f2",     // a shared line leaves nothing behind
    "P s0,8,2 w1,0 n64,8,4,3 f2",                 // any thread's fence completes the flush
    "E s0,8,2 n64,8,4,1 s66,2,2",                 // eADR: a store in a buffer is not durable
};

struct Entries {
  std::vector<OracleEntry> from_oracle;
  std::vector<Entry> from_machine;
};

bool same_place(int a, int b) {
  return a / 2 == b / 2;
}

// Runs an event string on the machine and on the oracle.
class Replay {
 public:
  explicit Replay(const char* events)
      : events_(events), rules_(take_rules(&events_)), machine_(filter_, rules_) {
    machine_.add_pmem(kMapping);
  }
  ~Replay() { machine_.remove_pmem(kMapping); }  // the filter is empty again

  void run() {
    for (const char* p = events_; *p != 0;) {
      unsigned long long a = 0, b = 0, c = 0, d = 0;
      int length = 0;
      const char kind = *p++;
      std::sscanf(p, "%llu%n,%llu%n,%llu%n,%llu%n", &a, &length, &b, &length, &c, &length, &d,
                  &length);
      event(kind, a, b, c, d);
      p += length;
      while (*p == ' ') p++;
    }
  }

  Entries entries() {
    Entries both{oracle_.entries(), {}};
    std::sort(both.from_oracle.begin(), both.from_oracle.end(),
              [](const OracleEntry& x, const OracleEntry& y) { return x.begin < y.begin; });
    machine_.for_each_entry_in(
        GuestRange::everything(),
        [](StackId x, StackId y) { return same_place(static_cast<int>(x), static_cast<int>(y)); },
        [&](const Entry& e) { both.from_machine.push_back(e); });
    return both;
  }

 private:
  static MachineRules take_rules(const char** events) {
    MachineRules rules;
    for (; **events == 'P' || **events == 'E' || **events == ' '; ++*events) {
      if (**events == 'P') rules.fence_scope = FenceScope::process;
      if (**events == 'E') rules.domain = Domain::eadr;
    }
    return rules;
  }

  void event(char kind, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    const auto thread = ThreadNo{static_cast<std::uint32_t>(a)};
    const auto at = [](std::uint64_t offset) { return GuestAddr(kBase + offset); };
    const std::uint64_t end = std::min(a + b, kLines * kLineBytes);
    const auto stack = StackId{static_cast<std::uint32_t>(c)};
    switch (kind) {
    case 's':
      machine_.store(thread, GuestRange::of(at(a), b), stack);
      if (rules_.domain == Domain::eadr)
        oracle_.take_away(a, end);
      else
        oracle_.store(a, end, static_cast<int>(c));
      return;
    case 'n':
      machine_.store(ThreadNo{static_cast<std::uint32_t>(d)}, GuestRange::of(at(a), b), stack,
                     StoreKind::NonTemporal);
      oracle_.store_non_temporal(a, end, static_cast<int>(c), static_cast<int>(d));
      return;
    case 'w':
      machine_.flush_line(thread, LineAddr::holding(at(b * kLineBytes)), FlushOrder::Weak);
      oracle_.flush(b * kLineBytes, (b + 1) * kLineBytes, static_cast<int>(a));
      return;
    case 'c':
      machine_.flush_line(ThreadNo{1}, LineAddr::holding(at(a * kLineBytes)), FlushOrder::Strong);
      oracle_.strong_flush(a * kLineBytes, (a + 1) * kLineBytes);
      return;
    case 'r':
      machine_.flush_range(thread, GuestRange::of(at(b), c));
      if (c != 0) oracle_.flush(b, b + c, static_cast<int>(a));
      return;
    case 'f':
      machine_.fence(thread);
      for (int t = 1; t <= kThreads; t++)
        if (rules_.fence_scope == FenceScope::process || t == static_cast<int>(a)) oracle_.fence(t);
      return;
    case 'k':
      machine_.set_clean(GuestRange::of(at(a), b));
      if (b != 0) oracle_.take_away(a, a + b);
      return;
    case 'u': {
      const GuestRange line = GuestRange::of(at(a * kLineBytes), kLineBytes);
      machine_.unmap(line);
      machine_.add_pmem(line);
      oracle_.take_away(a * kLineBytes, (a + 1) * kLineBytes);
      return;
    }
    case 'g': machine_.give_back(); return;
    case 'm': {
      const GuestRange away = GuestRange::of(kMapping.begin + (1 << 20), kMapping.size());
      machine_.move(kMapping, away.begin);
      assert_false(machine_.pmem().overlaps(kMapping));
      assert_true(machine_.pmem().holds(away));
      machine_.move(away, kMapping.begin);
      return;
    }
    }
    fail_msg("no such event: %c", kind);
  }

  // Created once for all tests, because it is large.
  static inline StoreFilter filter_;
  const char* events_;
  MachineRules rules_;
  Machine machine_;
  Oracle oracle_{same_place};
};

ByteState state_of(const OracleEntry& o) {
  switch (o.state) {
  case test::OracleState::Dirty: return ByteState::Dirty;
  case test::OracleState::Flushed: return ByteState::Pending;
  case test::OracleState::NonTemporal: return ByteState::NonTemporal;
  }
  return ByteState::Dirty;
}

const char* word_for(ByteState state) {
  switch (state) {
  case ByteState::Dirty: return "dirty";
  case ByteState::Pending: return "flushed";
  case ByteState::NonTemporal: return "non-temporal";
  }
  return "";
}

bool agree(const Entries& e) {
  return std::equal(e.from_oracle.begin(), e.from_oracle.end(), e.from_machine.begin(),
                    e.from_machine.end(), [](const OracleEntry& o, const Entry& m) {
                      return m.bytes.begin.raw() == kBase + o.begin &&
                             m.bytes.end.raw() == kBase + o.end && m.state == state_of(o) &&
                             static_cast<int>(m.stack) == o.stack.front();
                    });
}

std::string random_events(test::Random& random) {
  std::string events;
  const auto add = [&](char kind, std::initializer_list<std::uint64_t> numbers) {
    events += events.empty() ? "" : " ";
    events += kind;
    const char* comma = "";
    for (const std::uint64_t n : numbers) {
      events += comma + std::to_string(n);
      comma = ",";
    }
  };
  const std::uint64_t bytes = kLines * kLineBytes;
  if (random.below(4) == 0) add('P', {});
  if (random.below(8) == 0) add('E', {});
  // Half of the strings use whole words and rarely change the stack, so that lines stay packed.
  const bool packed = random.below(2) == 0;
  const std::uint64_t length = 1 + random.below(24);
  for (std::uint64_t i = 0; i < length; i++) {
    // Few addresses and few sizes, so that events overlap.
    const std::uint64_t begin =
        packed ? random.below(bytes / 8) * 8 : random.below(bytes / 4) * 4 + random.below(2);
    const std::uint64_t thread = 1 + random.below(kThreads);
    const std::uint64_t size = std::uint64_t{packed ? 8u : 1u} << random.below(packed ? 4 : 6);
    const std::uint64_t stack = 2 + (packed && random.below(8) != 0 ? 0 : random.below(4));
    switch (packed && random.below(16) != 0 ? random.below(10) : random.below(12)) {
    case 0: add('w', {thread, random.below(kLines)}); break;
    case 1: add('w', {thread, random.below(kLines)}); break;
    case 2: add('f', {thread}); break;
    case 3: add('r', {thread, begin, packed ? random.below(13) * 8 : random.below(100)}); break;
    case 4:
      if (random.below(2) == 0) add('c', {random.below(kLines)});
      if (random.below(4) == 0) add('k', {begin, random.below(20)});
      if (random.below(6) == 0) add('u', {random.below(kLines)});
      if (random.below(4) == 0) add('m', {});
      if (random.below(2) == 0) add('g', {});
      break;
    case 10:
    case 11: add('n', {begin, size, stack, thread}); break;
    default: add('s', {begin, size, stack}); break;
    }
  }
  return events;
}

void check(const std::string& events) {
  Replay replay(events.c_str());
  replay.run();
  const Entries e = replay.entries();
  if (agree(e)) return;
  for (const OracleEntry& o : e.from_oracle)
    print_message("oracle:  %3d bytes at %3d, stack %d, %s\n", static_cast<int>(o.end - o.begin),
                  static_cast<int>(o.begin), o.stack.front(), word_for(state_of(o)));
  for (const Entry& m : e.from_machine)
    print_message("machine: %3d bytes at %3d, stack %d, %s\n", static_cast<int>(m.bytes.size()),
                  static_cast<int>(m.bytes.begin.raw() - kBase), static_cast<int>(m.stack),
                  word_for(m.state));
  fail_msg("the machine disagrees with the oracle; to paste:\n    \"%s\",", events.c_str());
}

}  // namespace

UNIT_TEST(the_machine_agrees_with_the_oracle_on_known_strings) {
  for (const char* events : kStrings) check(events);
}

UNIT_TEST(the_machine_agrees_with_the_oracle_on_random_strings) {
  for (std::uint64_t seed = 0; seed < 100'000; seed++) {
    test::Random random(seed);
    check(random_events(random));
  }
}

UNIT_TEST(a_store_across_the_edge_of_a_mapping_counts_for_its_persistent_part) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(GuestAddr(kBase), 64));
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase - 4), 8), StackId{1});
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase + 60), 32), StackId{2});
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase + 100), 8), StackId{3});
  std::vector<std::uint64_t> sizes;
  machine.for_each_entry_in(
      GuestRange::everything(), [](StackId a, StackId b) { return a == b; },
      [&](const Entry& e) { sizes.push_back(e.bytes.size()); });
  assert_int_equal(sizes.size(), 2);
  assert_int_equal(sizes[0], 4);
  assert_int_equal(sizes[1], 4);
}

UNIT_TEST(removing_a_mapping_keeps_its_outstanding_bytes) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(GuestAddr(kBase), 64));
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase), 8), StackId{1});
  machine.remove_pmem(GuestRange::of(GuestAddr(kBase), 64));
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase + 8), 8), StackId{1});
  int entries = 0;
  machine.for_each_entry_in(
      GuestRange::everything(), [](StackId a, StackId b) { return a == b; },
      [&](const Entry& e) { entries += e.bytes.size() == 8; });
  assert_int_equal(entries, 1);
}

UNIT_TEST(flushes_fences_and_set_clean_return_whether_they_changed_anything) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  const GuestRange word = GuestRange::of(GuestAddr(kBase), 8);
  machine.add_pmem(word);
  const LineAddr line = LineAddr::holding(word.begin);
  assert_false(machine.flush_line(ThreadNo{1}, line, FlushOrder::Weak).any());
  machine.store(ThreadNo{1}, word, StackId{1});
  assert_true(machine.flush_line(ThreadNo{1}, line, FlushOrder::Weak) == ByteMask::of(0, 8));
  assert_false(machine.flush_range(ThreadNo{1}, word));
  assert_false(machine.fence(ThreadNo{2}));
  assert_true(machine.fence(ThreadNo{1}));
  assert_false(machine.set_clean(word));
}

UNIT_TEST(a_range_can_have_its_own_persistence_domain) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  const GuestRange mapping = GuestRange::of(GuestAddr(kBase), 128);
  machine.add_pmem(mapping);
  machine.set_domain(GuestRange::of(GuestAddr(kBase + 64), 64), Domain::eadr);
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase + 56), 16), StackId{1});
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase + 96), 8), StackId{1});
  std::vector<Entry> found;
  const auto same = [](StackId a, StackId b) { return a == b; };
  machine.for_each_entry_in(mapping, same, [&](const Entry& e) { found.push_back(e); });
  assert_int_equal(found.size(), 1);
  assert_true(found[0].bytes == GuestRange::of(GuestAddr(kBase + 56), 8));
  machine.unmap(mapping);
  assert_false(machine.set_clean(mapping));
  // The next mapping there has the domain of the run again.
  machine.add_pmem(mapping);
  machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase + 64), 8), StackId{1});
  assert_true(machine.set_clean(mapping));
}

UNIT_TEST(moved_memory_keeps_its_domain_and_its_outstanding_bytes) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  const GuestRange from = GuestRange::of(GuestAddr(kBase), 4096);
  const GuestAddr to(kBase + (1 << 24));
  machine.add_pmem(from);
  machine.set_domain(GuestRange::of(from.begin, 64), Domain::eadr);
  machine.store(ThreadNo{1}, GuestRange::of(from.begin + 100, 8), StackId{1});
  machine.move(from, to);
  machine.store(ThreadNo{1}, GuestRange::of(to, 8), StackId{1});
  machine.store(ThreadNo{1}, GuestRange::of(from.begin, 8), StackId{1});
  std::vector<Entry> found;
  machine.for_each_entry_in(
      GuestRange::everything(), [](StackId a, StackId b) { return a == b; },
      [&](const Entry& e) { found.push_back(e); });
  assert_int_equal(found.size(), 1);
  assert_true(found[0].bytes == GuestRange::of(to + 100, 8));
}

UNIT_TEST(a_moved_entry_does_not_join_its_new_neighbours) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  const GuestRange memory = GuestRange::of(GuestAddr(kBase), 1 << 16);
  const auto line = [&](int n) { return GuestRange::of(memory.begin + 64 * n, 64); };
  machine.add_pmem(memory);
  // One store covers three lines.  The middle one moves away, and another line takes its place.
  machine.store(ThreadNo{1}, GuestRange::of(line(10).begin, 3 * 64), StackId{1});
  machine.store(ThreadNo{1}, GuestRange::of(line(20).begin, 3 * 64), StackId{1});
  machine.move(line(11), line(30).begin);
  machine.move(line(21), line(11).begin);
  int entries = 0;
  machine.for_each_entry_in(
      memory, [](StackId a, StackId b) { return a == b; },
      [&](const Entry& e) {
        assert_int_equal(e.bytes.size(), 64);
        entries++;
      });
  assert_int_equal(entries, 6);
}

UNIT_TEST(a_thread_with_a_high_number_fences_its_own_flushes) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(kMapping);
  const LineAddr line = LineAddr::holding(GuestAddr(kBase));
  const auto flush_and_fence = [&](ThreadNo flushes, ThreadNo fences) {
    machine.store(ThreadNo{1}, GuestRange::of(GuestAddr(kBase), 8), StackId{1});
    assert_true(machine.flush_line(flushes, line, FlushOrder::Weak) == ByteMask::of(0, 8));
    return machine.fence(fences);
  };
  assert_true(flush_and_fence(ThreadNo{255}, ThreadNo{255}));
  assert_false(flush_and_fence(ThreadNo{300}, ThreadNo{44}));
  assert_true(machine.fence(ThreadNo{300}));
  assert_true(flush_and_fence(ThreadNo{300}, ThreadNo{300}));
}

UNIT_TEST(the_shadow_of_durable_memory_is_freed) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  const std::uint64_t lines = 1 << 20;
  machine.add_pmem(GuestRange::of(GuestAddr(kBase), lines * kLineBytes));
  for (std::uint64_t n = 0; n < lines; n++) {
    const GuestAddr at(kBase + n * kLineBytes);
    machine.store(ThreadNo{1}, GuestRange::of(at, 8), StackId{1});
    machine.flush_line(ThreadNo{1}, LineAddr::holding(at), FlushOrder::Weak);
    if (n % 1000 == 0) machine.fence(ThreadNo{1});
    assert_in_range(machine.shadow_bytes(), 512, 8 << 20);
  }
}

UNIT_TEST(a_machine_operation_that_breaks_its_requirements_fails_the_check) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(kMapping);
  const GuestRange word = GuestRange::of(GuestAddr(kBase), 8);
  expect_assert_failure(machine.store(ThreadNo::None, word, StackId{1}, StoreKind::NonTemporal));
  expect_assert_failure(static_cast<void>(machine.flush_range(ThreadNo::None, word)));
  expect_assert_failure(static_cast<void>(machine.fence(ThreadNo::None)));
  expect_assert_failure(machine.move(GuestRange::of(GuestAddr(kBase), 128), GuestAddr(kBase + 64)));
  expect_assert_failure(
      machine.move(GuestRange::of(GuestAddr(kBase + 8), 64), GuestAddr(kBase + 64)));
  machine.store(ThreadNo{1}, word, StackId{1});
  expect_assert_failure(machine.move(GuestRange::of(GuestAddr(kBase + 64), 64), GuestAddr(kBase)));
}
