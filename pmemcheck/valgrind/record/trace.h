// trace.h: writes the trace of --trace, which pmemcheck-explore reads.
//
// Every function but start() and is_on() does nothing if there is no trace, or if it has ended
// early: because the disk is full, or because the file belongs to the process that forked this one.
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

// Begins the trace if the options ask for one.  Ends the run with a message if the file cannot be
// made.  Call when the options are final.
void start();
// Ends the trace.
void stop();
bool is_on();

// This process forks: writes out what is buffered, so that the child does not.
void before_fork();
// This process is the child.  Its trace, if it has one of its own, begins with the memory that it
// inherited, all of which counts as durable.
void child_begins();

// Ends the trace, because this process may be about to become another program, which must not
// inherit the file.
void before_exec();
// Continues the trace after an exec that failed.
void after_failed_exec();

// `range` is persistent memory from now on: records which files it shows, and its contents.
void mapped(GuestRange range);
// The program says that `range` shows the file `path`, from `offset` on.
void mapped_file(GuestRange range, std::string_view path, FileId file, std::uint64_t offset);
// `range` is no longer persistent memory.
void unmapped(GuestRange range);
// The memory at `from` is at `to` from now on.
void moved(GuestRange from, GuestAddr to);

// Records a store to the persistent parts of `range`, with the value that is there now.
void store(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind);
void flush(ThreadNo thread, GuestRange range, FlushOrder order, StackId stack);
// RETURNS: whether a fence of the thread can complete anything, because the thread has flushed
// since its last one.
bool wants_fence(ThreadNo thread);
void fence(ThreadNo thread, StackId stack);
// What was stored to `range` is durable, or counts as durable.
void persist(GuestRange range, StackId stack);
// Records a marker of the program.
void marker(std::string_view text);
// Records the name that the program gives to `range`; an empty one takes the name away.
void name(GuestRange range, std::string_view name);

}  // namespace pmemcheck::trace
