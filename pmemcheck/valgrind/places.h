// places.h: the places of this run: see pmemcheck/report/places.h.
//
// Floor 4.  Tested in regtest/cases/xml and regtest/cases/errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/report/places.h"

namespace pmemcheck::places {

// Makes the places, of which none is known.  Call once, before any other function here.
void start();
Places& of_run();

}  // namespace pmemcheck::places
