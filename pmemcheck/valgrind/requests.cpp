// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/requests.h"

#include "include/valgrind/pmemcheck.h"
#include "pmemcheck/base/format.h"
#include "pmemcheck/valgrind/address_space.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/findings/reporting.h"
#include "pmemcheck/valgrind/guest_memory.h"
#include "pmemcheck/valgrind/monitor.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/threads.h"

namespace pmemcheck {

namespace {

// RETURNS: `range`, widened to whole cache lines.
GuestRange whole_lines(GuestRange range) {
  if (range.is_empty()) return range;
  const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
  return {LineAddr::holding(range.begin).begin(), last.bytes().end};
}

// CHECK_IS_PMEM_MAPPING's results.
UWord result_for(Coverage coverage) {
  switch (coverage) {
  case Coverage::None: return 0;
  case Coverage::Whole: return 1;
  case Coverage::Part: return 2;
  }
  return 0;
}

// The result of every request about transactions.
UWord result_for(TransactionResult result) {
  switch (result) {
  case TransactionResult::Done: return 0;
  case TransactionResult::NoSuchTransaction: return 1;
  case TransactionResult::ThreadNotInIt: return 2;
  }
  return 0;
}

UWord register_file(Int descriptor, GuestRange range, UWord offset) {
  const OpenFile file(descriptor);
  if (!file.is_open()) return 1;
  events::file_named(range, {file.path(), file.id(), offset});
  return 0;
}

TransactionName own_transaction() {
  return TransactionName::own(threads::running());
}

Bool refuse(const char* why, UWord code) {
  Formatter(output::log()) << "Warning: " << why << " pmemcheck client request code " << Hex{code}
                           << "\n";
  return False;
}

}  // namespace

Bool handle_request(ThreadId thread, UWord* arguments, UWord* result) {
  const UWord code = arguments[0];
  if (code == VG_USERREQ__GDB_MONITOR_COMMAND) return monitor::handle(arguments, result);
  if (code >> 32 != 0 || !VG_IS_TOOL_USERREQ('P', 'C', code)) return False;
  // Most requests have a range as arguments, or the id of a transaction and a range.
  const GuestRange range = range_of(arguments[1], arguments[2]);
  const GuestRange range_of_id = range_of(arguments[2], arguments[3]);
  const TransactionName chosen = TransactionName::chosen(arguments[1]);
  *result = 0;
  switch (static_cast<Vg_PmemcheckRequest>(code)) {
  case VG_USERREQ__PMC_REGISTER_PMEM_MAPPING: address_space::register_pmem(range); return True;
  case VG_USERREQ__PMC_REGISTER_PMEM_FILE:
    *result = register_file(static_cast<Int>(arguments[1]), range_of_id, arguments[4]);
    return True;
  case VG_USERREQ__PMC_REMOVE_PMEM_MAPPING: address_space::withdraw_pmem(range); return True;
  case VG_USERREQ__PMC_CHECK_IS_PMEM_MAPPING:
    *result = result_for(run::machine().pmem().coverage(range));
    return True;
  case VG_USERREQ__PMC_PRINT_PMEM_MAPPINGS: reporting::print_mappings(); return True;
  case VG_USERREQ__PMC_DO_FLUSH:
    events::flushed(command_line::options().flush_align ? whole_lines(range) : range,
                    LazyStack(thread));
    return True;
  case VG_USERREQ__PMC_DO_FENCE:
    events::fenced(events::FenceBy::Program, LazyStack(thread));
    return True;
  case VG_USERREQ__PMC_RESERVED1: return True;
  case VG_USERREQ__PMC_WRITE_STATS: reporting::report_now(); return True;
  case VG_USERREQ__PMC_SET_CLEAN: events::forgotten(range); return True;

  case VG_USERREQ__PMC_START_TX: events::transaction_began(thread, own_transaction()); return True;
  case VG_USERREQ__PMC_START_TX_N: events::transaction_began(thread, chosen); return True;
  case VG_USERREQ__PMC_END_TX:
    *result = result_for(events::transaction_ended(thread, own_transaction()));
    return True;
  case VG_USERREQ__PMC_END_TX_N:
    *result = result_for(events::transaction_ended(thread, chosen));
    return True;
  case VG_USERREQ__PMC_ADD_TO_TX:
    *result = result_for(events::transaction_added(thread, own_transaction(), range));
    return True;
  case VG_USERREQ__PMC_ADD_TO_TX_N:
    *result = result_for(events::transaction_added(thread, chosen, range_of_id));
    return True;
  case VG_USERREQ__PMC_REMOVE_FROM_TX:
    *result = result_for(events::transaction_removed(own_transaction(), range));
    return True;
  case VG_USERREQ__PMC_REMOVE_FROM_TX_N:
    *result = result_for(events::transaction_removed(chosen, range_of_id));
    return True;
  case VG_USERREQ__PMC_ADD_THREAD_TO_TX_N:
    *result = result_for(events::transaction_joined(chosen));
    return True;
  case VG_USERREQ__PMC_REMOVE_THREAD_FROM_TX_N:
    *result = result_for(events::transaction_left(chosen));
    return True;
  case VG_USERREQ__PMC_ADD_TO_GLOBAL_TX_IGNORE: events::transactions_ignored(range); return True;

  case VG_USERREQ__PMC_EMIT_LOG: events::marked(text_at(arguments[1])); return True;
  case VG_USERREQ__PMC_DEEP_SYNC: events::deep_synced(range); return True;

  case VG_USERREQ__PMC_COUNT_FINDINGS: *result = findings::count(); return True;
  case VG_USERREQ__PMC_DISABLE_REPORTING: events::reporting_disabled(); return True;
  case VG_USERREQ__PMC_ENABLE_REPORTING: events::reporting_enabled(); return True;
  case VG_USERREQ__PMC_NAME_RANGE: events::range_named(range, text_at(arguments[3])); return True;
  case VG_USERREQ__PMC_ASSERT_DURABLE:
    *result = events::asserted_durable(thread, range) ? 0 : 1;
    return True;
  case VG_USERREQ__PMC_ASSERT_DURABLE_BEFORE:
    events::asserted_order(range, range_of(arguments[3], arguments[4]));
    return True;

  case VG_USERREQ__PMC_RESERVED2:
  case VG_USERREQ__PMC_RESERVED3:
  case VG_USERREQ__PMC_RESERVED4:
  case VG_USERREQ__PMC_RESERVED5:
  case VG_USERREQ__PMC_RESERVED6:
  case VG_USERREQ__PMC_RESERVED7:
  case VG_USERREQ__PMC_RESERVED8:
  case VG_USERREQ__PMC_RESERVED9:
  case VG_USERREQ__PMC_RESERVED10: return refuse("deprecated", code);
  }
  return refuse("unknown", code);
}

}  // namespace pmemcheck
