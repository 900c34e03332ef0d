// report.h: reports what was covered and what failed, as text and as JSON.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "pmemcheck/explore/reducer.h"

namespace pmemcheck::explore {

// REQUIRES: the causes explain no more images than failed.
struct Report {
  const Recording& recording;
  const Arguments& arguments;
  const Results& results;
  const std::vector<Cause>& causes;

  // RETURNS: how many failing images no cause explains, because the run ended early.
  std::uint64_t unexplained() const;
};

void write_text(std::ostream& out, const Report& report);
void write_json(std::ostream& out, const Report& report);

// Writes one cause as text; the README of a saved image holds the same.
void write_cause(std::ostream& out, const Report& report, const Cause& cause);

// Writes the tables of trace records and findings as JSON.
void write_tables(std::ostream& out);

}  // namespace pmemcheck::explore
