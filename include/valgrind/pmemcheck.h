/* pmemcheck.h: the requests that a program can make of pmemcheck, the Valgrind tool that finds bugs
 * in programs with persistent memory.
 *
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Copyright (c) the pmemcheck authors
 *
 * Redistribution and use in source and binary forms, with or without modification, are permitted
 * provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this list of conditions
 *    and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice, this list of
 *    conditions and the following disclaimer in the documentation and/or other materials provided
 *    with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors may be used to
 *    endorse or promote products derived from this software without specific prior written
 *    permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR
 * IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
 * FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR
 * CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
 * DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
 * WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY
 * WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 *
 *
 * The notice above covers this file only; the tool has a licence of its own.
 *
 * Each macro below makes one request of the tool.  Natively, or under another tool, a macro costs a
 * few instructions, has no effect and yields 0.  If NVALGRIND is defined before this file is
 * included, the macros compile to nothing.
 *
 * Arguments:
 *   addr, base          an address, of any pointer or integer type
 *   len, size           a number of bytes
 *   offset              a number of bytes from the beginning of a file
 *   fd                  an open file descriptor of the program
 *   id                  a 64-bit number that the program chooses for a transaction
 *   text, name          a string that ends in a zero byte
 *
 * "=>" precedes the value of a macro, an expression of the type unsigned long.  A macro marked
 * "Statement." has no value.
 */
#ifndef VALGRIND_PMEMCHECK_H
#define VALGRIND_PMEMCHECK_H

#include <valgrind/valgrind.h>

/* The request numbers.  They are compiled into programs, so a number never changes its meaning and
 * new requests are appended.  The RESERVED numbers are not in use. */
enum Vg_PmemcheckRequest {
  VG_USERREQ__PMC_REGISTER_PMEM_MAPPING = VG_USERREQ_TOOL_BASE('P', 'C') + 0x00,
  VG_USERREQ__PMC_REGISTER_PMEM_FILE = VG_USERREQ_TOOL_BASE('P', 'C') + 0x01,
  VG_USERREQ__PMC_REMOVE_PMEM_MAPPING = VG_USERREQ_TOOL_BASE('P', 'C') + 0x02,
  VG_USERREQ__PMC_CHECK_IS_PMEM_MAPPING = VG_USERREQ_TOOL_BASE('P', 'C') + 0x03,
  VG_USERREQ__PMC_PRINT_PMEM_MAPPINGS = VG_USERREQ_TOOL_BASE('P', 'C') + 0x04,
  VG_USERREQ__PMC_DO_FLUSH = VG_USERREQ_TOOL_BASE('P', 'C') + 0x05,
  VG_USERREQ__PMC_DO_FENCE = VG_USERREQ_TOOL_BASE('P', 'C') + 0x06,
  VG_USERREQ__PMC_RESERVED1 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x07,
  VG_USERREQ__PMC_WRITE_STATS = VG_USERREQ_TOOL_BASE('P', 'C') + 0x08,
  VG_USERREQ__PMC_RESERVED2 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x09,
  VG_USERREQ__PMC_RESERVED3 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x0a,
  VG_USERREQ__PMC_RESERVED4 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x0b,
  VG_USERREQ__PMC_RESERVED5 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x0c,
  VG_USERREQ__PMC_RESERVED7 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x0d,
  VG_USERREQ__PMC_RESERVED8 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x0e,
  VG_USERREQ__PMC_RESERVED9 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x0f,
  VG_USERREQ__PMC_RESERVED10 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x10,
  VG_USERREQ__PMC_SET_CLEAN = VG_USERREQ_TOOL_BASE('P', 'C') + 0x11,
  VG_USERREQ__PMC_START_TX = VG_USERREQ_TOOL_BASE('P', 'C') + 0x12,
  VG_USERREQ__PMC_START_TX_N = VG_USERREQ_TOOL_BASE('P', 'C') + 0x13,
  VG_USERREQ__PMC_END_TX = VG_USERREQ_TOOL_BASE('P', 'C') + 0x14,
  VG_USERREQ__PMC_END_TX_N = VG_USERREQ_TOOL_BASE('P', 'C') + 0x15,
  VG_USERREQ__PMC_ADD_TO_TX = VG_USERREQ_TOOL_BASE('P', 'C') + 0x16,
  VG_USERREQ__PMC_ADD_TO_TX_N = VG_USERREQ_TOOL_BASE('P', 'C') + 0x17,
  VG_USERREQ__PMC_REMOVE_FROM_TX = VG_USERREQ_TOOL_BASE('P', 'C') + 0x18,
  VG_USERREQ__PMC_REMOVE_FROM_TX_N = VG_USERREQ_TOOL_BASE('P', 'C') + 0x19,
  VG_USERREQ__PMC_ADD_THREAD_TO_TX_N = VG_USERREQ_TOOL_BASE('P', 'C') + 0x1a,
  VG_USERREQ__PMC_REMOVE_THREAD_FROM_TX_N = VG_USERREQ_TOOL_BASE('P', 'C') + 0x1b,
  VG_USERREQ__PMC_ADD_TO_GLOBAL_TX_IGNORE = VG_USERREQ_TOOL_BASE('P', 'C') + 0x1c,
  VG_USERREQ__PMC_RESERVED6 = VG_USERREQ_TOOL_BASE('P', 'C') + 0x1d,
  VG_USERREQ__PMC_EMIT_LOG = VG_USERREQ_TOOL_BASE('P', 'C') + 0x1e,
  VG_USERREQ__PMC_DEEP_SYNC = VG_USERREQ_TOOL_BASE('P', 'C') + 0x1f,
  VG_USERREQ__PMC_COUNT_FINDINGS = VG_USERREQ_TOOL_BASE('P', 'C') + 0x20,
  VG_USERREQ__PMC_DISABLE_REPORTING = VG_USERREQ_TOOL_BASE('P', 'C') + 0x21,
  VG_USERREQ__PMC_ENABLE_REPORTING = VG_USERREQ_TOOL_BASE('P', 'C') + 0x22,
  VG_USERREQ__PMC_NAME_RANGE = VG_USERREQ_TOOL_BASE('P', 'C') + 0x23,
  VG_USERREQ__PMC_ASSERT_DURABLE = VG_USERREQ_TOOL_BASE('P', 'C') + 0x24,
  VG_USERREQ__PMC_ASSERT_DURABLE_BEFORE = VG_USERREQ_TOOL_BASE('P', 'C') + 0x25
};

/* Building blocks of the macros below; programs do not use them. */
#define VG_PMC_EXPR_(request, a1, a2, a3, a4)                                                      \
  VALGRIND_DO_CLIENT_REQUEST_EXPR(0, VG_USERREQ__PMC_##request, a1, a2, a3, a4, 0)
#define VG_PMC_STMT_(request)                                                                      \
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__PMC_##request, 0, 0, 0, 0, 0)

/* ---- Which memory is persistent ---------------------------------------------------------------*/

/* Makes bytes [addr, addr + len) persistent memory from now on.  The range joins persistent ranges
 * that it touches or overlaps.  => 0 */
#define VALGRIND_PMC_REGISTER_PMEM_MAPPING(addr, len)                                              \
  VG_PMC_EXPR_(REGISTER_PMEM_MAPPING, addr, len, 0, 0)

/* States that [base, base + size) is a mapping of the file fd, beginning at byte offset of it.
 * The file is then named in findings (--explain, --report=now, XML), in the log of stores
 * (--log-stores) and in the trace (--trace).  Does not make the range persistent.
 * => 0; 1 if fd is not an open file */
#define VALGRIND_PMC_REGISTER_PMEM_FILE(fd, base, size, offset)                                    \
  VG_PMC_EXPR_(REGISTER_PMEM_FILE, fd, base, size, offset)

/* Makes bytes [addr, addr + len) ordinary memory again.  Stores to them that are not durable by now
 * stay in the report.  => 0 */
#define VALGRIND_PMC_REMOVE_PMEM_MAPPING(addr, len)                                                \
  VG_PMC_EXPR_(REMOVE_PMEM_MAPPING, addr, len, 0, 0)

/* Checks whether bytes [addr, addr + len) are persistent memory.
 * => 0 if none of them is; 1 if all are, in one mapping; 2 if some are */
#define VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(addr, len)                                              \
  VG_PMC_EXPR_(CHECK_IS_PMEM_MAPPING, addr, len, 0, 0)

/* Prints every persistent mapping, in the order of addresses, into Valgrind's log.  Statement. */
#define VALGRIND_PMC_PRINT_PMEM_MAPPINGS VG_PMC_STMT_(PRINT_PMEM_MAPPINGS)

/* ---- What makes stores durable ----------------------------------------------------------------*/
/* The tool recognises flush and fence instructions by itself; these requests are for memory that
 * becomes durable in another way. */

/* Counts as a flush by the calling thread of exactly the bytes [addr, addr + len); with
 * --flush-align=yes, of the cache lines that hold them.  => 0 */
#define VALGRIND_PMC_DO_FLUSH(addr, len) VG_PMC_EXPR_(DO_FLUSH, addr, len, 0, 0)

/* Counts as a fence (SFENCE) by the calling thread: what this thread flushed before becomes
 * durable; what other threads flushed does not.  Statement. */
#define VALGRIND_PMC_DO_FENCE VG_PMC_STMT_(DO_FENCE)

/* Discards the stores to [addr, addr + len) that are not durable yet: they are never reported.
 * Later stores there count again.  => 0 */
#define VALGRIND_PMC_SET_CLEAN(addr, len) VG_PMC_EXPR_(SET_CLEAN, addr, len, 0, 0)

/* ---- Transactions -----------------------------------------------------------------------------*/
/* A transaction is a set of threads and a set of ranges.  While a thread is in a transaction, a
 * store by it to persistent memory outside the ranges of its transactions is a finding.  A thread
 * can have one transaction of its own (START_TX) and be in any number of those with an id. */

/* Opens the calling thread's own transaction.  If it is open already, it nests one level deeper.
 * Statement. */
#define VALGRIND_PMC_START_TX VG_PMC_STMT_(START_TX)

/* Opens transaction id; the calling thread is then in it.  If it is open already, the calling
 * thread joins it and it nests one level deeper.  => 0 */
#define VALGRIND_PMC_START_TX_N(id) VG_PMC_EXPR_(START_TX_N, id, 0, 0, 0)

/* Leaves one level of the calling thread's own transaction.  Leaving the outermost level closes it.
 * Statement. */
#define VALGRIND_PMC_END_TX VG_PMC_STMT_(END_TX)

/* Leaves one level of transaction id.  Leaving the outermost level closes it for all its threads.
 * => 0; 1 if no such transaction is open */
#define VALGRIND_PMC_END_TX_N(id) VG_PMC_EXPR_(END_TX_N, id, 0, 0, 0)

/* Adds [addr, addr + len) to the ranges of the calling thread's own transaction.  To be used before
 * the first store to the range.
 * => 0; 1 if no such transaction is open; 2 if the calling thread is not in it */
#define VALGRIND_PMC_ADD_TO_TX(addr, len) VG_PMC_EXPR_(ADD_TO_TX, addr, len, 0, 0)

/* Adds [addr, addr + len) to the ranges of transaction id.  To be used before the first store to
 * the range.
 * => 0; 1 if no such transaction is open; 2 if the calling thread is not in it */
#define VALGRIND_PMC_ADD_TO_TX_N(id, addr, len) VG_PMC_EXPR_(ADD_TO_TX_N, id, addr, len, 0)

/* Removes [addr, addr + len) from the ranges of the calling thread's own transaction.
 * => 0; 1 if no such transaction is open; 2 if the calling thread is not in it */
#define VALGRIND_PMC_REMOVE_FROM_TX(addr, len) VG_PMC_EXPR_(REMOVE_FROM_TX, addr, len, 0, 0)

/* Removes [addr, addr + len) from the ranges of transaction id.
 * => 0; 1 if no such transaction is open; 2 if the calling thread is not in it */
#define VALGRIND_PMC_REMOVE_FROM_TX_N(id, addr, len)                                               \
  VG_PMC_EXPR_(REMOVE_FROM_TX_N, id, addr, len, 0)

/* The calling thread joins transaction id.
 * => 0; 1 if no such transaction is open */
#define VALGRIND_PMC_ADD_THREAD_TX_N(id) VG_PMC_EXPR_(ADD_THREAD_TO_TX_N, id, 0, 0, 0)

/* The calling thread leaves transaction id, which stays open.
 * => 0; 1 if no such transaction is open; 2 if the calling thread is not in it */
#define VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(id) VG_PMC_EXPR_(REMOVE_THREAD_FROM_TX_N, id, 0, 0, 0)

/* Lets every thread store to [addr, addr + len) without adding it to a transaction, for the rest of
 * the run.  => 0 */
#define VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(addr, len)                                            \
  VG_PMC_EXPR_(ADD_TO_GLOBAL_TX_IGNORE, addr, len, 0, 0)

/* ---- Findings ---------------------------------------------------------------------------------*/

/* Counts the findings that are certain by now, without the suppressed ones.  A store that is not
 * durable yet is not counted, because it may still become durable.  => their number */
#define VALGRIND_PMC_COUNT_FINDINGS VG_PMC_EXPR_(COUNT_FINDINGS, 0, 0, 0, 0)

/* Stops reporting for the calling thread: nothing that it does is a finding, nor is anything that
 * later becomes of the stores it makes.  Lasts until as many ENABLE_REPORTINGs.  => 0 */
#define VALGRIND_PMC_DISABLE_REPORTING VG_PMC_EXPR_(DISABLE_REPORTING, 0, 0, 0, 0)

/* Ends one DISABLE_REPORTING of the calling thread.  => 0 */
#define VALGRIND_PMC_ENABLE_REPORTING VG_PMC_EXPR_(ENABLE_REPORTING, 0, 0, 0, 0)

/* Names [addr, addr + len): findings about addresses there show the name (--explain, --report=now,
 * XML), and pmemcheck-explore shows it too.  The last name given to a byte counts; an empty name
 * removes it.  => 0 */
#define VALGRIND_PMC_NAME_RANGE(addr, len, name) VG_PMC_EXPR_(NAME_RANGE, addr, len, name, 0)

/* Asserts that every store to [addr, addr + len) so far is durable; each one that is not is a
 * finding.  => 0 if all are durable, 1 if not */
#define VALGRIND_PMC_ASSERT_DURABLE(addr, len) VG_PMC_EXPR_(ASSERT_DURABLE, addr, len, 0, 0)

/* Requires [first, first + first_len) to be durable when anything in [second, second + second_len)
 * is next stored to; if it is not, that store is a finding.  Both ranges must be persistent
 * memory.  The requirement is checked once, at that store.  => 0 */
#define VALGRIND_PMC_ASSERT_DURABLE_BEFORE(first, first_len, second, second_len)                   \
  VG_PMC_EXPR_(ASSERT_DURABLE_BEFORE, first, first_len, second, second_len)

/* ---- Output -----------------------------------------------------------------------------------*/

/* Prints the report on the run so far, even with --print-summary=no.  Statement. */
#define VALGRIND_PMC_WRITE_STATS VG_PMC_STMT_(WRITE_STATS)

/* Adds text as a record to the log of stores (--log-stores) and as a marker to the trace (--trace).
 * => 0 */
#define VALGRIND_PMC_EMIT_LOG(text) VG_PMC_EXPR_(EMIT_LOG, text, 0, 0, 0)

/* Adds a record to the log of stores (--log-stores) that [addr, addr + len) was synchronised down
 * to the medium.  Does not make anything durable.  => 0 */
#define VALGRIND_PMC_DEEP_SYNC(addr, len) VG_PMC_EXPR_(DEEP_SYNC, addr, len, 0, 0)

#endif /* VALGRIND_PMEMCHECK_H */
