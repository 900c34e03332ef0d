/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaching a System V segment over registered memory, and detaching a registered segment. */
#include "guest.h"
#include <sys/ipc.h>
#include <sys/shm.h>

int main(void) {
  int id = shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0600);
  if (id < 0) pm_fail("shmget");
  pm_open(8192);
  PM(uint64_t, 0) = 1;                      /* lost: 8 DIRTY @0 from attached */
  PM(uint64_t, 4096) = 1;                   /* lost: 8 DIRTY @4096 from attached */
  void* at = shmat(id, PM_BASE, SHM_REMAP); /* here: attached */
  shmctl(id, IPC_RMID, NULL);
  if (at != PM_BASE) pm_fail("shmat");
  PM(uint64_t, 4096) = 2;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 8) = 2; /* lost: 8 DIRTY @8 from detached */
  shmdt(PM_BASE);      /* here: detached */
  END();
}
