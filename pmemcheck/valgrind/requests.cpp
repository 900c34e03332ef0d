// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/requests.h"

#include "include/valgrind/pmemcheck.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/reporting.h"
#include "pmemcheck/valgrind/runtime.h"

namespace pmemcheck {

namespace {

GuestRange range_of(UWord address, UWord bytes) {
  return GuestRange::of(GuestAddr(address), bytes);
}

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

UWord register_file(Int descriptor) {
  struct vg_stat unused;
  return VG_(fstat)(descriptor, &unused) == 0 ? 0 : 1;
}

void flush(GuestRange range) {
  if (command_line::options().flush_align) range = whole_lines(range);
  runtime::machine().flush_range(runtime::running_thread(), range);
}

Bool refuse(const char* why, UWord code) {
  VG_(umsg)("Warning: %s pmemcheck client request code 0x%llx\n", why, static_cast<ULong>(code));
  return False;
}

}  // namespace

Bool handle_request(ThreadId, UWord* arguments, UWord* result) {
  const UWord code = arguments[0];
  if (!VG_IS_TOOL_USERREQ('P', 'C', code)) return False;
  const GuestRange range = range_of(arguments[1], arguments[2]);
  Machine& machine = runtime::machine();
  *result = 0;
  switch (static_cast<Vg_PmemcheckRequest>(code)) {
  case VG_USERREQ__PMC_REGISTER_PMEM_MAPPING: machine.add_pmem(range); return True;
  case VG_USERREQ__PMC_REGISTER_PMEM_FILE:
    *result = register_file(static_cast<Int>(arguments[1]));
    return True;
  case VG_USERREQ__PMC_REMOVE_PMEM_MAPPING: machine.remove_pmem(range); return True;
  case VG_USERREQ__PMC_CHECK_IS_PMEM_MAPPING:
    *result = result_for(machine.pmem().coverage(range));
    return True;
  case VG_USERREQ__PMC_PRINT_PMEM_MAPPINGS: reporting::print_mappings(); return True;
  case VG_USERREQ__PMC_DO_FLUSH: flush(range); return True;
  case VG_USERREQ__PMC_DO_FENCE: machine.fence(runtime::running_thread()); return True;
  case VG_USERREQ__PMC_RESERVED1: return True;
  case VG_USERREQ__PMC_WRITE_STATS: reporting::report_now(); return True;
  case VG_USERREQ__PMC_SET_CLEAN: machine.set_clean(range); return True;
  case VG_USERREQ__PMC_RESERVED2:
  case VG_USERREQ__PMC_RESERVED3:
  case VG_USERREQ__PMC_RESERVED4:
  case VG_USERREQ__PMC_RESERVED5:
  case VG_USERREQ__PMC_RESERVED6:
  case VG_USERREQ__PMC_RESERVED7:
  case VG_USERREQ__PMC_RESERVED8:
  case VG_USERREQ__PMC_RESERVED9:
  case VG_USERREQ__PMC_RESERVED10: return refuse("deprecated", code);
  case VG_USERREQ__PMC_START_TX:
  case VG_USERREQ__PMC_START_TX_N:
  case VG_USERREQ__PMC_END_TX:
  case VG_USERREQ__PMC_END_TX_N:
  case VG_USERREQ__PMC_ADD_TO_TX:
  case VG_USERREQ__PMC_ADD_TO_TX_N:
  case VG_USERREQ__PMC_REMOVE_FROM_TX:
  case VG_USERREQ__PMC_REMOVE_FROM_TX_N:
  case VG_USERREQ__PMC_ADD_THREAD_TO_TX_N:
  case VG_USERREQ__PMC_REMOVE_THREAD_FROM_TX_N:
  case VG_USERREQ__PMC_ADD_TO_GLOBAL_TX_IGNORE:
  case VG_USERREQ__PMC_EMIT_LOG:
  case VG_USERREQ__PMC_DEEP_SYNC: break;
  }
  return refuse("unknown", code);
}

}  // namespace pmemcheck
