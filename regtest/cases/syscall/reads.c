/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A system call that writes into persistent memory is a store of the bytes that it wrote. */
#include "guest.h"
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>

int main(void) {
  int pair[2];
  int zero = open("/dev/zero", O_RDONLY);
  int file = open("file", O_RDWR | O_CREAT, 0600);
  pm_open(16384);
  if (zero < 0 || file < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) pm_fail("open");
  if (write(file, "0123456789", 10) != 10) pm_fail("write");
  char* at = PM_BASE;
  struct iovec parts[2] = {{at + 320, 3}, {at + 384, 5}};
  struct iovec more[2] = {{at + 448, 4}, {at + 512, 100}};
  struct iovec message[2] = {{at + 768, 2}, {at + 832, 2}};
  struct msghdr head = {.msg_iov = message, .msg_iovlen = 2};
  ssize_t done = 0;
  done += read(zero, at + 100, 10);      /* lost: 10 DIRTY @100 via read */
  done += pread(file, at + 200, 100, 4); /* lost: 6 DIRTY @200 via pread64 */
  done += readv(zero, parts, 2);         /* lost: 3 DIRTY @320 via readv, 5 DIRTY @384 via readv */
  done += preadv(file, more, 2, 0); /* lost: 4 DIRTY @448 via preadv, 6 DIRTY @512 via preadv */
  done += write(pair[0], "abcdefgh", 8);
  done += recv(pair[1], at + 640, 4, 0); /* lost: 4 DIRTY @640 via recvfrom */
  done += recvmsg(pair[1], &head, 0); /* lost: 2 DIRTY @768 via recvmsg, 2 DIRTY @832 via recvmsg */
  done += getrandom(at + 1024, 16, 0); /* lost: 16 DIRTY @1024 via getrandom */
  done += pipe((int*)(at + 1088));     /* lost: 8 DIRTY @1088 via pipe */
  done += read(pair[1], at + 4096, 0); /* stores nothing */
  if (done != 66) _exit(1);
  /* A flush and a fence make them durable. */
  if (read(zero, at + 2048, 64) != 64) pm_fail("read");
  CLWB(at + 2048);
  SFENCE();
  END();
}
