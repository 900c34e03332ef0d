/* dax.c: runs a program as if the machine had DAX.
 *
 *     dax FILE NAME PROGRAM ARGUMENT...
 *
 * mmap grants MAP_SYNC, which the kernel grants only for files on DAX, because dax asks the kernel
 * for a plain shared mapping instead.  /proc/self/fd shows FILE as NAME, which may be a device that
 * this machine lacks.  Both changes are made to the system calls with ptrace, so that the program
 * itself stays unchanged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MAP_SYNC
#define MAP_SYNC 0x80000
#endif

static void fail(const char* what) {
  perror(what);
  exit(99);
}

static void grant_sync(pid_t child, struct user_regs_struct* regs) {
  if ((regs->r10 & MAP_SYNC) == 0) return;
  regs->r10 = (regs->r10 & ~(unsigned long long)(MAP_SYNC | MAP_SHARED_VALIDATE)) | MAP_SHARED;
  if (ptrace(PTRACE_SETREGS, child, NULL, regs) != 0) fail("PTRACE_SETREGS");
}

static void put(pid_t child, unsigned long long address, const char* text) {
  for (size_t i = 0; i < strlen(text); i++) {
    errno = 0;
    long word = ptrace(PTRACE_PEEKDATA, child, address + i, NULL);
    if (errno != 0) fail("PTRACE_PEEKDATA");
    word = (word & ~0xffl) | (unsigned char)text[i];
    if (ptrace(PTRACE_POKEDATA, child, address + i, word) != 0) fail("PTRACE_POKEDATA");
  }
}

static int is_there(pid_t child, unsigned long long address, const char* text) {
  for (size_t i = 0; i < strlen(text); i++) {
    errno = 0;
    long word = ptrace(PTRACE_PEEKDATA, child, address + i, NULL);
    if (errno != 0 || (char)word != text[i]) return 0;
  }
  return 1;
}

/* Replaces the result of a readlink that returned `file`. */
static void rename_link(pid_t child, struct user_regs_struct* regs, unsigned long long buffer,
                        const char* file, const char* name) {
  if (regs->rax != strlen(file) || strlen(name) > strlen(file)) return;
  if (!is_there(child, buffer, file)) return;
  put(child, buffer, name);
  regs->rax = strlen(name);
  if (ptrace(PTRACE_SETREGS, child, NULL, regs) != 0) fail("PTRACE_SETREGS");
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr, "dax: want FILE NAME PROGRAM ARGUMENT...\n");
    return 2;
  }
  pid_t child = fork();
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) fail("PTRACE_TRACEME");
    execvp(argv[3], argv + 3);
    fail(argv[3]);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  int signal = 0, enters = 1;
  while (1) {
    if (ptrace(PTRACE_SYSCALL, child, NULL, signal) != 0) fail("PTRACE_SYSCALL");
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    signal = WSTOPSIG(status);
    if (signal == SIGTRAP) signal = 0; /* an exec */
    if (signal != (SIGTRAP | 0x80)) continue;
    signal = 0;
    struct user_regs_struct regs;
    if (ptrace(PTRACE_GETREGS, child, NULL, &regs) != 0) fail("PTRACE_GETREGS");
    if (enters && regs.orig_rax == SYS_mmap) grant_sync(child, &regs);
    if (!enters && regs.orig_rax == SYS_readlink)
      rename_link(child, &regs, regs.rsi, argv[1], argv[2]);
    if (!enters && regs.orig_rax == SYS_readlinkat)
      rename_link(child, &regs, regs.rdx, argv[1], argv[2]);
    enters = !enters;
  }
}
