// address_space.h: what becomes of persistent memory when mappings come, move and go; and the
// mappings that are persistent without the program's saying so.
//
// A mapping is found to be persistent if it is shared, and
//   - it was made with MAP_SYNC, which only files on DAX grant (mmap(2)), or
//   - it shows a device /dev/dax*, or
//   - its file is one of those that --pmem-file names.
//
// For found mappings nobody annotates what is persisted, so msync and its like count, which on DAX
// write back what is dirty.  Where the program registers the memory, its word counts instead: a
// sync of whole pages would hide what it forgot.
//
// Floor 4.  Tested in regtest/cases/mapping and regtest/cases/found.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::address_space {

// Makes what is kept here.  Call once, when the options are final.
void start();
// Asks the core for the events that matter here.
void track_events();

// The arguments of mmap(2).
struct MmapCall {
  GuestRange wanted;
  UWord flags;
  Int descriptor;
  UWord offset;
};
// Call before and after mmap: the first notes what it will replace.
void before_mmap(const MmapCall& call);
void after_mmap(const MmapCall& call, GuestAddr result);
// mremap, with these flags, has made `before` into `after`.
void after_mremap(GuestRange before, GuestRange after, UWord flags);
// shmat, with these flags, has attached a segment at `result`.
void after_shmat(GuestAddr result, UWord flags);

// The program says so of its memory.
void register_pmem(GuestRange range);
void withdraw_pmem(GuestRange range);

// What was stored to found mappings is durable: in `range`; at `offsets` of the file; of all files
// on the device; of all files.
void persist(GuestRange range);
void persist_file(FileId file, UWord offset, UWord bytes);
void persist_device(ULong device);
void persist_all();

}  // namespace pmemcheck::address_space
