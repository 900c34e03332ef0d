// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/survey.h"

#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;

namespace {

constexpr std::uint8_t kOld[] = {'o', 'l', 'd'};

TraceMapping pool_at(std::uint64_t address) {
  return {.range = GuestRange::of(GuestAddr(address), 128),
          .file_bytes = 128,
          .inode = 1,
          .path = "/mnt/pool"};
}

// Calls use(survey) with the survey of the trace that write(writer) writes.
template <class Write, class Use>
void survey_of(Write write, Use use) {
  test::Text text;
  TraceWriter w(text.sink());
  w.begin("1.0", Domain::adr, FenceScope::thread);
  write(w);
  w.end();
  const test::TemporaryDirectory directory;
  const Recording recording(directory.write("trace", text.str()), {});
  use(Survey(recording));
}

}  // namespace

UNIT_TEST(a_survey_keeps_what_a_file_held_when_it_was_mapped_first) {
  survey_of(
      [](TraceWriter& w) {
        w.map(pool_at(0x10000));
        w.contents(GuestAddr(0x10040), kOld);
        w.unmap(GuestRange::of(GuestAddr(0x10000), 128));
        w.map(pool_at(0x20000));
        w.contents(GuestAddr(0x20000), kOld);  // mapped before, so not the initial contents
      },
      [](const Survey& survey) {
        assert_int_equal(survey.files.all().size(), 1);
        assert_int_equal(survey.initial.size(), 1);
        assert_int_equal(survey.initial[0].location.offset, 0x40);
        assert_int_equal(survey.initial[0].data[0], 'o');
      });
}

UNIT_TEST(a_survey_counts_stores_and_those_outside_of_every_mapping) {
  survey_of(
      [](TraceWriter& w) {
        w.store(RecordKind::Store, GuestAddr(0x10000), kOld, StackId::None);
        w.map(pool_at(0x10000));
        w.store(RecordKind::Store, GuestAddr(0x10000), kOld, StackId::None);
        w.store(RecordKind::NtStore, GuestAddr(0x1007f), kOld, StackId::None);  // partly outside
      },
      [](const Survey& survey) {
        assert_int_equal(survey.stores, 3);
        assert_int_equal(survey.stray_stores, 1);
        assert_true(survey.files[0].is_stored_to);
      });
}
