// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/translate/fence_call.h"

#include "pmemcheck/valgrind/runtime.h"

namespace pmemcheck {

void write_fence_call(IrWriter& ir, Addr ip, events::FenceBy by) {
  if (!events::needs_stack(by)) {
    ir.call("on_fence_without_stack", runtime::on_fence_without_stack, nullptr);
    return;
  }
  const bool is_lock = by == events::FenceBy::Lock;
  IRDirty* call =
      ir.call(is_lock ? "on_lock" : "on_fence", is_lock ? runtime::on_lock : runtime::on_fence,
              nullptr, IRExpr_GSPTR(), ir.u64(ip));
  ir.reads_stack(call);
}

}  // namespace pmemcheck
