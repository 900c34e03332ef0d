// test_machine.cpp: the machine against an oracle, on event strings.
//
// An event string is a line to paste: events apart by spaces, each a letter and numbers,
//
//   s<begin>,<bytes>,<stack>   store               w<thread>,<line>           CLWB
//   c<line>                    CLFLUSH             r<thread>,<begin>,<bytes>  DO_FLUSH
//   f<thread>                  fence               k<begin>,<bytes>           SET_CLEAN
//
// with addresses from the beginning of the mapping on and stacks 2n and 2n+1 from the same place.
// A failing random string prints itself: paste it into kStrings.
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

constexpr std::uint64_t kBase = 0x7000'0000;
constexpr std::uint64_t kLines = 4;  // under test; the lines around them stay clean
constexpr GuestRange kMapping = GuestRange::of(GuestAddr(kBase), kLines* kLineBytes);

// Strings that once failed, or that show a rule.
constexpr const char* kStrings[] = {
    "s0,8,2 w1,0 f1",                             // durable
    "s0,8,2 f1 w1,0",                             // flushed, no fence after it
    "s0,8,2 w1,0 f2",                             // another thread's fence
    "s0,8,2 w1,0 s4,1,4 f1",                      // stored to after the flush
    "s60,8,2 w1,0",                               // over the edge of two lines
    "s0,8,2 s8,8,3 s16,8,4",                      // joined, joined, apart
    "s56,8,2 s64,8,2 w1,0 w1,1",                  // split by the flushes, and not joined again
    "s56,8,2 s64,8,2 r1,0,128",                   // one flush of both lines: still one entry
    "s0,8,2 w1,0 s0,4,2 w2,0 f1",                 // a line that two threads share
    "s0,8,2 w1,0 s0,4,2 w2,0 s0,1,2 w1,0 f2",     // and take bytes from each other
    "s0,8,2 w1,0 s8,8,4 w2,0 c0 s0,8,2 w2,0 f1",  // CLFLUSH leaves nothing behind
};

struct Entries {
  std::vector<OracleEntry> from_oracle;
  std::vector<Entry> from_machine;
};

bool same_place(int a, int b) {
  return a / 2 == b / 2;
}

// Runs an event string through both.
class Replay {
 public:
  Replay() { machine_.add_pmem(kMapping); }
  ~Replay() { machine_.remove_pmem(kMapping); }  // the filter is empty again

  void run(const char* events) {
    for (const char* p = events; *p != 0;) {
      unsigned long long a = 0, b = 0, c = 0;
      int length = 0;
      const char kind = *p++;
      std::sscanf(p, "%llu%n,%llu%n,%llu%n", &a, &length, &b, &length, &c, &length);
      event(kind, a, b, c);
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
  void event(char kind, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    const auto thread = ThreadNo{static_cast<std::uint32_t>(a)};
    const auto at = [](std::uint64_t offset) { return GuestAddr(kBase + offset); };
    switch (kind) {
    case 's':
      machine_.store(GuestRange::of(at(a), b), StackId{static_cast<std::uint32_t>(c)});
      oracle_.store(a, std::min(a + b, kLines * kLineBytes), static_cast<int>(c));
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
      oracle_.fence(static_cast<int>(a));
      return;
    case 'k':
      machine_.set_clean(GuestRange::of(at(a), b));
      if (b != 0) oracle_.take_away(a, a + b);
      return;
    }
    fail_msg("no such event: %c", kind);
  }

  // Large, and so made once for all.
  static inline StoreFilter filter_;
  Machine machine_{filter_};
  Oracle oracle_{same_place};
};

bool agree(const Entries& e) {
  return std::equal(e.from_oracle.begin(), e.from_oracle.end(), e.from_machine.begin(),
                    e.from_machine.end(), [](const OracleEntry& o, const Entry& m) {
                      return m.bytes.begin.raw() == kBase + o.begin &&
                             m.bytes.end.raw() == kBase + o.end &&
                             (m.state == ByteState::Pending) == o.pending &&
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
  const std::uint64_t length = 1 + random.below(24);
  for (std::uint64_t i = 0; i < length; i++) {
    // Few places and few sizes, so that events meet.
    const std::uint64_t begin = random.below(bytes / 4) * 4 + random.below(2);
    const std::uint64_t thread = 1 + random.below(3);
    switch (random.below(10)) {
    case 0: add('w', {thread, random.below(kLines)}); break;
    case 1: add('w', {thread, random.below(kLines)}); break;
    case 2: add('f', {thread}); break;
    case 3: add('r', {thread, begin, random.below(100)}); break;
    case 4:
      if (random.below(2) == 0) add('c', {random.below(kLines)});
      if (random.below(4) == 0) add('k', {begin, random.below(20)});
      break;
    default: add('s', {begin, std::uint64_t{1} << random.below(6), 2 + random.below(4)}); break;
    }
  }
  return events;
}

void check(const std::string& events) {
  Replay replay;
  replay.run(events.c_str());
  const Entries e = replay.entries();
  if (agree(e)) return;
  for (const OracleEntry& o : e.from_oracle)
    print_message("oracle:  %3d bytes at %3d, stack %d, %s\n", static_cast<int>(o.end - o.begin),
                  static_cast<int>(o.begin), o.stack.front(), o.pending ? "pending" : "dirty");
  for (const Entry& m : e.from_machine)
    print_message("machine: %3d bytes at %3d, stack %d, %s\n", static_cast<int>(m.bytes.size()),
                  static_cast<int>(m.bytes.begin.raw() - kBase), static_cast<int>(m.stack),
                  m.state == ByteState::Pending ? "pending" : "dirty");
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

UNIT_TEST(only_the_persistent_part_of_a_store_counts) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(GuestAddr(kBase), 64));
  machine.store(GuestRange::of(GuestAddr(kBase - 4), 8), StackId{1});
  machine.store(GuestRange::of(GuestAddr(kBase + 60), 32), StackId{2});
  machine.store(GuestRange::of(GuestAddr(kBase + 100), 8), StackId{3});
  std::vector<std::uint64_t> sizes;
  machine.for_each_entry_in(
      GuestRange::everything(), [](StackId a, StackId b) { return a == b; },
      [&](const Entry& e) { sizes.push_back(e.bytes.size()); });
  assert_int_equal(sizes.size(), 2);
  assert_int_equal(sizes[0], 4);
  assert_int_equal(sizes[1], 4);
}

UNIT_TEST(what_is_outstanding_stays_so_when_its_mapping_goes) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(GuestAddr(kBase), 64));
  machine.store(GuestRange::of(GuestAddr(kBase), 8), StackId{1});
  machine.remove_pmem(GuestRange::of(GuestAddr(kBase), 64));
  machine.store(GuestRange::of(GuestAddr(kBase + 8), 8), StackId{1});
  int entries = 0;
  machine.for_each_entry_in(
      GuestRange::everything(), [](StackId a, StackId b) { return a == b; },
      [&](const Entry& e) { entries += e.bytes.size() == 8; });
  assert_int_equal(entries, 1);
}

UNIT_TEST(operations_say_what_they_changed) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  const GuestRange word = GuestRange::of(GuestAddr(kBase), 8);
  machine.add_pmem(word);
  const LineAddr line = LineAddr::holding(word.begin);
  assert_false(machine.flush_line(ThreadNo{1}, line, FlushOrder::Weak).any());
  machine.store(word, StackId{1});
  assert_true(machine.flush_line(ThreadNo{1}, line, FlushOrder::Weak) == ByteMask::of(0, 8));
  assert_false(machine.flush_range(ThreadNo{1}, word));
  assert_false(machine.fence(ThreadNo{2}));
  assert_true(machine.fence(ThreadNo{1}));
  assert_false(machine.set_clean(word));
}
