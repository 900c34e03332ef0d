// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/places.h"

#include <new>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/host.h"

namespace pmemcheck::places {

namespace {

constinit Places* g_places = nullptr;

}  // namespace

void start() {
  g_places = ::new (host_allocate(sizeof *g_places, "places")) Places;
}

Places& of_run() {
  PM_CHECK(g_places != nullptr);
  return *g_places;
}

}  // namespace pmemcheck::places
