// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/run.h"

#include <new>

#include "pmemcheck/base/host.h"
#include "pmemcheck/valgrind/command_line.h"

namespace pmemcheck::run {

namespace detail {
constinit Machine* g_machine = nullptr;
constinit Transactions* g_transactions = nullptr;
constinit Orders* g_orders = nullptr;
constinit PersistDeadlines* g_deadlines = nullptr;
constinit LastStores* g_last_stores = nullptr;
constinit Places* g_places = nullptr;
}  // namespace detail

constinit ULong g_superblocks = 0;

namespace {

// Generated code holds the address of its table as a constant, so the filter is static memory.  It
// is all zero, so it takes no room in the executable.
constinit StoreFilter g_filter = {};

template <class T>
T* make(const char* purpose, auto&... arguments) {
  return ::new (host_allocate(sizeof(T), purpose)) T(arguments...);
}

}  // namespace

void start() {
  const Options& options = command_line::options();
  const MachineRules rules{
      .joining = options.mult_stores ? Joining::Never : Joining::Touching,
      .fence_scope = options.fence_scope,
      .domain = options.domain,
  };
  detail::g_machine = make<Machine>("machine", g_filter, rules);
  detail::g_transactions = make<Transactions>("transactions");
  detail::g_orders = make<Orders>("orders");
  if (options.explain || VG_(clo_xml)) detail::g_deadlines = make<PersistDeadlines>("deadlines");
  detail::g_places = make<Places>("places");
  if (options.mult_stores && options.indiff > 0)
    detail::g_last_stores = make<LastStores>("last stores");
}

const UChar* filter_table() {
  return g_filter.table();
}

}  // namespace pmemcheck::run
