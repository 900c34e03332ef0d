// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/state_id.h"

#include "tests/unit.h"

using namespace pmemcheck::explore;

UNIT_TEST(a_state_is_named_by_the_parts_that_are_not_in_their_latest_version) {
  assert_string_equal(state_name(id_of(7, {1, 0, 2, 1}, {1, 3, 2, 2})).c_str(), "p7-1.0-3.1");
  assert_string_equal(state_name(id_of(12, {1}, {1})).c_str(), "p12");
}

UNIT_TEST(names_of_states_are_read_and_other_names_refused) {
  for (const char* name : {"p1", "p12-0.0", "p7-1.0-3.1"})
    assert_string_equal(state_name(*read_state_id(name)).c_str(), name);
  for (const char* bad : {"", "7", "p", "p7-", "p7-1", "p7-1.", "p7-1.x", "p07", "p7-1.0 ", "q7"})
    assert_false(read_state_id(bad).has_value());
}

UNIT_TEST(the_choice_is_recovered_from_the_name_of_a_state) {
  Part part;
  part.versions.resize(4);
  part.latest = 3;
  const std::vector<const Part*> parts = {&part, &part};
  assert_true(*choice_of(*read_state_id("p1-1.2"), parts) == (Choice{3, 2}));
  assert_false(choice_of(*read_state_id("p1-2.0"), parts).has_value());
  assert_false(choice_of(*read_state_id("p1-0.4"), parts).has_value());
}
