// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/finding.h"

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(every_finding_kind_has_a_name_a_count_a_title_and_a_hint) {
  for (const FindingInfo& info : kFindings) {
    assert_false(info.name.empty());
    assert_false(info.count.empty());
    assert_false(info.title.empty());
    assert_false(info.hint.empty());
  }
}

UNIT_TEST(every_finding_kind_is_found_by_its_number_and_by_its_name) {
  for (const FindingInfo& info : kFindings) {
    assert_ptr_equal(&info_of(info.kind), &info);
    assert_ptr_equal(finding_named(info.name), &info);
  }
  assert_int_equal(finding_named("OutOfOrder")->kind, FindingKind::OutOfOrder);
}

UNIT_TEST(a_number_that_no_finding_kind_has_is_refused) {
  expect_assert_failure(info_of(static_cast<FindingKind>(kFindingKinds)));
}

UNIT_TEST(a_name_that_no_finding_kind_has_is_not_found) {
  for (const char* name : {"", "NotPersiste", "NotPersistedX", "notpersisted", "Leak"})
    assert_null(finding_named(name));
}

// Valgrind takes the names in suppressions as C strings.
UNIT_TEST(the_name_of_a_finding_kind_is_terminated_by_a_zero) {
  for (const FindingInfo& info : kFindings) assert_int_equal(info.name.data()[info.name.size()], 0);
}

UNIT_TEST(the_severities_have_the_names_that_findings_def_gives_them) {
  const auto severity_of = [](FindingKind kind) {
    return kSeverityNames[static_cast<std::size_t>(info_of(kind).severity)];
  };
  assert_true(severity_of(FindingKind::NotPersisted) == "bug");
  assert_true(severity_of(FindingKind::Overwritten) == "risk");
  assert_true(severity_of(FindingKind::RedundantFlush) == "cost");
}
