// runtime.h: the functions that generated code calls.
//
// Each finds out what has happened, with which stack, and calls the verb for it in events.h.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/translate/store_site.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::runtime {

// A run of stores in generated code, and what their stacks were.
struct KnownRun {
  StoreRun run;
  stacks::RunStacks stacks;
};

// RSP and RBP in `state` are up to date.  The instruction is the one at `ip`, or at `site`, which
// is a StoreSite.

// The program has stored to `address`.
void on_store(const VexGuestAMD64State* state, Addr address, UWord site);
void on_nt_store(const VexGuestAMD64State* state, Addr address, UWord site);
// The program has made the stores of a run near the address `root`.
void on_stores(VexGuestAMD64State* state, Addr root, KnownRun* known);
// The program has stored those of `size` bytes whose bit in `mask` is set.  REQUIRES: size <= 16.
void on_masked_nt_store(const VexGuestAMD64State* state, Addr address, UWord size, UWord mask,
                        Addr ip);
// The program flushes the line that holds `address`.  `read` is a byte of the line that was loaded
// before, so that a fault occurs in the guest, as on the processor.
void on_weak_flush(const VexGuestAMD64State* state, Addr address, UWord read, Addr ip);
void on_strong_flush(const VexGuestAMD64State* state, Addr address, UWord read, Addr ip);
// With --isa-rec=no a flush is only the load that it begins with.
void ignore_flush(UWord read);
// The program fences by SFENCE or MFENCE; by a locked instruction; by either, if no observer needs
// the stack.
void on_fence(const VexGuestAMD64State* state, Addr ip);
void on_lock(const VexGuestAMD64State* state, Addr ip);
void on_fence_without_stack();

}  // namespace pmemcheck::runtime
