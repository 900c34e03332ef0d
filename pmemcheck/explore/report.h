// report.h: what was covered and what failed, in words and as JSON.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "pmemcheck/explore/reducer.h"

namespace pmemcheck::explore {

struct Report {
  const Recording& recording;
  const Arguments& arguments;
  const Results& results;
  const std::vector<Cause>& causes;
};

void write_text(std::ostream& out, const Report& report);
void write_json(std::ostream& out, const Report& report);

// One cause in words; what the README of a saved image holds, too.
void write_cause(std::ostream& out, const Report& report, const Cause& cause);

// The lists that logs and traces are made of, as JSON.
void write_tables(std::ostream& out);

}  // namespace pmemcheck::explore
