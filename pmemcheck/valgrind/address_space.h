// address_space.h: follows persistent memory when mappings are made, moved and removed; and finds
// mappings that are persistent although the program does not register them.
//
// A mapping is found to be persistent if it is shared, and
//   - it was made with MAP_SYNC, which only files on DAX grant (mmap(2)), or
//   - it shows a device /dev/dax*, or
//   - its file matches --pmem-file.
//
// In found mappings msync and similar calls make stores durable, because on DAX they write back
// what is dirty, and the program does not annotate what it persists.  In registered memory only the
// program's flushes count: a sync of whole pages would hide what the program forgot.
//
// Floor 4.  Tested in regtest/cases/mapping and regtest/cases/found.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::address_space {

// Call once, when the options are final, before the program runs.
void start();
// Asks the core to report mappings that are made, changed, moved and removed.
void track_events();

// The arguments of mmap(2).
struct MmapCall {
  GuestRange wanted;
  UWord flags;
  Int descriptor;
  UWord offset;
};
// Call before and after mmap.  before_mmap() notes which mappings the call will replace.
void before_mmap(const MmapCall& call);
void after_mmap(const MmapCall& call, GuestAddr result);
// mremap, with these flags, has made `before` into `after`.
void after_mremap(GuestRange before, GuestRange after, UWord flags);
// shmat, with these flags, has attached a segment at `result`.
void after_shmat(GuestAddr result, UWord flags);

// The program registers memory as persistent, or withdraws the registration.
void register_pmem(GuestRange range);
void withdraw_pmem(GuestRange range);

// The kernel has made durable what was stored to found mappings: in `range`; in `bytes` bytes of
// the file from `offset` on; in all files on the device; in all files.
void persist(GuestRange range);
void persist_file(FileId file, UWord offset, UWord bytes);
void persist_device(ULong device);
void persist_all();

}  // namespace pmemcheck::address_space
