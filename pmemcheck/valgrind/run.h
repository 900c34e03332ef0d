// run.h: the state of the watched program: one machine, its transactions, the orders that it
// asserts, and the files and names of its memory.
//
// Every source of this floor may read it; only events.cpp changes it.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/model/last_stores.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/model/orders.h"
#include "pmemcheck/model/persist_deadlines.h"
#include "pmemcheck/model/transaction.h"
#include "pmemcheck/report/places.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::run {

namespace detail {
extern constinit Machine* g_machine;
extern constinit Transactions* g_transactions;
extern constinit Orders* g_orders;
extern constinit PersistDeadlines* g_deadlines;
extern constinit LastStores* g_last_stores;
extern constinit Places* g_places;
}  // namespace detail

// Creates all of it.  Call once, when the options are final, before any other function here.
void start();

inline Machine& machine() {
  return *detail::g_machine;
}
inline Transactions& transactions() {
  return *detail::g_transactions;
}
// The orders that the program asserts: see pmemcheck/model/orders.h.
inline Orders& orders() {
  return *detail::g_orders;
}
// The deadlines that stores wait for; null unless a report names them.
inline PersistDeadlines* deadlines() {
  return detail::g_deadlines;
}
// The values stored last; null without --indiff.
inline LastStores* last_stores() {
  return detail::g_last_stores;
}

// The files and named ranges that addresses lie in.
inline Places& places() {
  return *detail::g_places;
}

// The store filter's table, for generated code: see StoreFilter.
const UChar* filter_table();

// How many superblocks the program has executed.  Generated code counts them, only for --indiff.
extern constinit ULong g_superblocks;

}  // namespace pmemcheck::run
