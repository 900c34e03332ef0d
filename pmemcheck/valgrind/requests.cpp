// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/requests.h"

#include "include/valgrind/pmemcheck.h"
#include "pmemcheck/base/format.h"
#include "pmemcheck/rules/assertions.h"
#include "pmemcheck/rules/transactions.h"
#include "pmemcheck/valgrind/address_space.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/findings/reporting.h"
#include "pmemcheck/valgrind/guest_memory.h"
#include "pmemcheck/valgrind/monitor.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/places.h"
#include "pmemcheck/valgrind/record/store_log.h"
#include "pmemcheck/valgrind/record/trace.h"
#include "pmemcheck/valgrind/runtime.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

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

// The result that the requests about transactions have in common.
UWord result_for(TransactionResult result) {
  switch (result) {
  case TransactionResult::Done: return 0;
  case TransactionResult::NoSuchTransaction: return 1;
  case TransactionResult::ThreadNotInIt: return 2;
  }
  return 0;
}

UWord register_file(Int descriptor, GuestAddr base, UWord size, UWord offset) {
  const OpenFile file(descriptor);
  if (!file.is_open()) return 1;
  places::map_file(GuestRange::of(base, size), file.path(), offset);
  if (TextLog* log = store_log::log()) log->register_file(file.path(), base, size, offset);
  trace::mapped_file(GuestRange::of(base, size), file, offset);
  return 0;
}

void emit_log(Addr text) {
  if (TextLog* log = store_log::log()) log->text(text_at(text));
  if (trace::is_on()) trace::marker(text_at(text));
}

void name_range(GuestRange range, std::string_view name) {
  places::name(range, name);
  trace::name(range, name);
}

void deep_sync(GuestRange range) {
  if (TextLog* log = store_log::log()) log->deep_sync(range);
}

// ---- transactions -------------------------------------------------------------------------------

TransactionName own_transaction() {
  return TransactionName::own(runtime::running_thread());
}

UWord start_transaction(ThreadId thread, TransactionName name) {
  runtime::transactions().start(runtime::running_thread(), name, stacks::of_thread(thread));
  return 0;
}

UWord add_range(ThreadId thread, TransactionName name, GuestRange range) {
  const TransactionResult result =
      add_to_transaction(runtime::transactions(), runtime::running_thread(), name, range,
                         stacks::of_thread(thread), findings::list());
  findings::settle(thread);
  return result_for(result);
}

UWord end_transaction(ThreadId thread, TransactionName name) {
  Transactions& transactions = runtime::transactions();
  const TransactionResult result = transactions.end(name);
  if (!transactions.is_in_any(runtime::running_thread()))
    runtime::note_barrier(thread, BarrierKind::TransactionEnd);
  return result_for(result);
}

UWord remove_range(TransactionName name, GuestRange range) {
  return result_for(runtime::transactions().remove(runtime::running_thread(), name, range));
}

// ---- assertions ---------------------------------------------------------------------------------

UWord assert_durable(ThreadId thread, GuestRange range) {
  const bool durable = check_durable(runtime::machine(), range, stacks::of_thread(thread),
                                     stacks::same_place, findings::list());
  findings::settle(thread);
  return durable ? 0 : 1;
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
  Machine& machine = runtime::machine();
  Transactions& transactions = runtime::transactions();
  // The arguments of most requests: a range, or the id of a transaction and a range.
  const GuestRange range = range_of(arguments[1], arguments[2]);
  const GuestRange range_of_id = range_of(arguments[2], arguments[3]);
  const TransactionName chosen = TransactionName::chosen(arguments[1]);
  *result = 0;
  switch (static_cast<Vg_PmemcheckRequest>(code)) {
  case VG_USERREQ__PMC_REGISTER_PMEM_MAPPING: address_space::register_pmem(range); return True;
  case VG_USERREQ__PMC_REGISTER_PMEM_FILE:
    *result = register_file(static_cast<Int>(arguments[1]), GuestAddr(arguments[2]), arguments[3],
                            arguments[4]);
    return True;
  case VG_USERREQ__PMC_REMOVE_PMEM_MAPPING: address_space::withdraw_pmem(range); return True;
  case VG_USERREQ__PMC_CHECK_IS_PMEM_MAPPING:
    *result = result_for(machine.pmem().coverage(range));
    return True;
  case VG_USERREQ__PMC_PRINT_PMEM_MAPPINGS: reporting::print_mappings(); return True;
  case VG_USERREQ__PMC_DO_FLUSH:
    runtime::flush_range(thread, command_line::options().flush_align ? whole_lines(range) : range);
    return True;
  case VG_USERREQ__PMC_DO_FENCE: runtime::fence_by_request(thread); return True;
  case VG_USERREQ__PMC_RESERVED1: return True;
  case VG_USERREQ__PMC_WRITE_STATS: reporting::report_now(); return True;
  case VG_USERREQ__PMC_SET_CLEAN:
    trace::persist(range, StackId::None);
    machine.set_clean(range);
    return True;

  case VG_USERREQ__PMC_START_TX:
    *result = start_transaction(thread, own_transaction());
    return True;
  case VG_USERREQ__PMC_START_TX_N: *result = start_transaction(thread, chosen); return True;
  case VG_USERREQ__PMC_END_TX: *result = end_transaction(thread, own_transaction()); return True;
  case VG_USERREQ__PMC_END_TX_N: *result = end_transaction(thread, chosen); return True;
  case VG_USERREQ__PMC_ADD_TO_TX:
    *result = add_range(thread, own_transaction(), range);
    return True;
  case VG_USERREQ__PMC_ADD_TO_TX_N: *result = add_range(thread, chosen, range_of_id); return True;
  case VG_USERREQ__PMC_REMOVE_FROM_TX:
    *result = remove_range(own_transaction(), range);
    return True;
  case VG_USERREQ__PMC_REMOVE_FROM_TX_N: *result = remove_range(chosen, range_of_id); return True;
  case VG_USERREQ__PMC_ADD_THREAD_TO_TX_N:
    *result = result_for(transactions.add_thread(runtime::running_thread(), chosen));
    return True;
  case VG_USERREQ__PMC_REMOVE_THREAD_FROM_TX_N:
    *result = result_for(transactions.remove_thread(runtime::running_thread(), chosen));
    return True;
  case VG_USERREQ__PMC_ADD_TO_GLOBAL_TX_IGNORE: transactions.ignore(range); return True;

  case VG_USERREQ__PMC_EMIT_LOG: emit_log(arguments[1]); return True;
  case VG_USERREQ__PMC_DEEP_SYNC: deep_sync(range); return True;

  case VG_USERREQ__PMC_COUNT_FINDINGS: *result = findings::count(); return True;
  case VG_USERREQ__PMC_DISABLE_REPORTING: findings::disable(runtime::running_thread()); return True;
  case VG_USERREQ__PMC_ENABLE_REPORTING: findings::enable(runtime::running_thread()); return True;
  case VG_USERREQ__PMC_NAME_RANGE: name_range(range, text_at(arguments[3])); return True;
  case VG_USERREQ__PMC_ASSERT_DURABLE: *result = assert_durable(thread, range); return True;
  case VG_USERREQ__PMC_ASSERT_DURABLE_BEFORE:
    runtime::orders().expect(range, range_of(arguments[3], arguments[4]));
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
