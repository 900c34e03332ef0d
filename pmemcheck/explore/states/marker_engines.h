// marker_engines.h: parses the engines for the sections between markers, in the syntax of
// pmreorder's -x.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_marker_engines.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>

#include "pmemcheck/explore/states/engine.h"

namespace pmemcheck::explore {

// RETURNS: the engines by marker.  `text` is MARK=ENGINE,MARK=ENGINE... or the name of a file with
// {"MARK": "ENGINE", ...}.  Throws UserError if it is neither.
std::map<std::string, Engine> marker_engines(const std::string& text);

}  // namespace pmemcheck::explore
