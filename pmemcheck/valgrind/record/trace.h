// trace.h: the trace of --trace: what the program did to persistent memory, for pmemcheck-explore.
//
// Every function but start() and is_on() does nothing where there is no trace, or where it has
// ended early: the disk is full, or this process was forked off and the file is its parent's.
//
// Floor 4.  Tested in regtest/cases/explore/test_recording.py and test_descriptors.py.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/types.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::trace {

// Begins the trace if the options ask for one; ends the run if the file cannot be made.  Call when
// they are final.
void start();
// Ends the trace.
void stop();
bool is_on();

// This process may be about to become another program, which must not get the trace's file: ends
// the trace.
void before_exec();
// It has not: the trace goes on.  Does nothing if there was no before_exec().
void after_failed_exec();

// `range` is persistent memory from now on: tells which files it shows, and what is in it.
void mapped(GuestRange range);
// The program says that `range` shows `file`, from `offset` on.
void mapped_file(GuestRange range, const OpenFile& file, std::uint64_t offset);
// `range` is persistent memory no more.
void unmapped(GuestRange range);
// What was at `from` is at `to`.
void moved(GuestRange from, GuestAddr to);

// `range` was stored to: tells what stands there now, as far as it is persistent.
void store(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind);
void flush(ThreadNo thread, GuestRange range, FlushOrder order, StackId stack);
// RETURNS: whether a fence of the thread's would mean anything: it has flushed since its last one.
bool wants_fence(ThreadNo thread);
void fence(ThreadNo thread, StackId stack);
// What was stored to `range` is durable, or of no interest.
void persist(GuestRange range, StackId stack);
// The program's own record.
void marker(std::string_view text);
// The program calls `range` by this name; by none, if it is empty.
void name(GuestRange range, std::string_view name);

}  // namespace pmemcheck::trace
