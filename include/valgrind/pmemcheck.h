/* pmemcheck.h: how a program talks to pmemcheck, the Valgrind tool for persistent memory.
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
 * The notice above covers this file alone; the tool has a licence of its own.
 *
 * Under the tool, each macro below asks it for something.  Elsewhere, natively or under another
 * tool, a macro costs a few instructions, does nothing and yields 0.  With NVALGRIND defined before
 * the include, it compiles to nothing at all.
 *
 * In the comments: addr and base are addresses of any pointer or integer type; len, size and offset
 * are counts of bytes; id is a number that the program chooses for a transaction.  A macro is an
 * expression, whose value is given after "=>", unless its comment says "statement".
 */
#ifndef VALGRIND_PMEMCHECK_H
#define VALGRIND_PMEMCHECK_H

#include <valgrind/valgrind.h>

/* The request numbers.  Compiled programs contain them: a number never changes its meaning, and a
 * new request is appended.  The RESERVED ones are no longer, or not yet, in use. */
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

/* How the macros below ask.  Not for use elsewhere. */
#define VG_PMC_ASK_(request, a1, a2, a3, a4)                                                       \
  VALGRIND_DO_CLIENT_REQUEST_EXPR(0, VG_USERREQ__PMC_##request, a1, a2, a3, a4, 0)
#define VG_PMC_TELL_(request)                                                                      \
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__PMC_##request, 0, 0, 0, 0, 0)

/* ---- Which memory is persistent ---------------------------------------------------------------*/

/* Bytes [addr, addr + len) are persistent from now on; joins the ranges that it touches.  => 0 */
#define VALGRIND_PMC_REGISTER_PMEM_MAPPING(addr, len)                                              \
  VG_PMC_ASK_(REGISTER_PMEM_MAPPING, addr, len, 0, 0)

/* File descriptor fd is mapped at [base, base + size), from byte offset of the file on.  Names the
 * file and registers no range.  => 0, or 1 when fd is not an open file */
#define VALGRIND_PMC_REGISTER_PMEM_FILE(fd, base, size, offset)                                    \
  VG_PMC_ASK_(REGISTER_PMEM_FILE, fd, base, size, offset)

/* Bytes [addr, addr + len) are no longer persistent.  What is not durable there by then stays
 * reported.  => 0 */
#define VALGRIND_PMC_REMOVE_PMEM_MAPPING(addr, len)                                                \
  VG_PMC_ASK_(REMOVE_PMEM_MAPPING, addr, len, 0, 0)

/* Are bytes [addr, addr + len) persistent?  => 0 none of them, 1 all, within one range, 2 some */
#define VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(addr, len)                                              \
  VG_PMC_ASK_(CHECK_IS_PMEM_MAPPING, addr, len, 0, 0)

/* Prints every persistent range.  Statement. */
#define VALGRIND_PMC_PRINT_PMEM_MAPPINGS VG_PMC_TELL_(PRINT_PMEM_MAPPINGS)

/* ---- What makes stores durable ----------------------------------------------------------------*/

/* The calling thread flushed bytes [addr, addr + len): those alone, not their cache lines (unless
 * --flush-align=yes).  => 0 */
#define VALGRIND_PMC_DO_FLUSH(addr, len) VG_PMC_ASK_(DO_FLUSH, addr, len, 0, 0)

/* The calling thread fenced: what it flushed before is durable now.  Statement. */
#define VALGRIND_PMC_DO_FENCE VG_PMC_TELL_(DO_FENCE)

/* Forgets the stores to [addr, addr + len) that are not durable yet.  => 0 */
#define VALGRIND_PMC_SET_CLEAN(addr, len) VG_PMC_ASK_(SET_CLEAN, addr, len, 0, 0)

/* ---- Transactions -----------------------------------------------------------------------------*/

/* Opens the calling thread's own transaction, or nests one level deeper in it.  Statement. */
#define VALGRIND_PMC_START_TX VG_PMC_TELL_(START_TX)

/* Opens transaction id with the calling thread in it, or nests one level deeper.  => 0 */
#define VALGRIND_PMC_START_TX_N(id) VG_PMC_ASK_(START_TX_N, id, 0, 0, 0)

/* Leaves one level of the calling thread's own transaction; the last one closes it.  Statement. */
#define VALGRIND_PMC_END_TX VG_PMC_TELL_(END_TX)

/* Leaves one level of transaction id; the last one closes it.
 * => 0, or 1 for no such transaction */
#define VALGRIND_PMC_END_TX_N(id) VG_PMC_ASK_(END_TX_N, id, 0, 0, 0)

/* Stores to [addr, addr + len) belong to the calling thread's own transaction.
 * => 0, 1 no transaction is open, 2 the calling thread is not in it */
#define VALGRIND_PMC_ADD_TO_TX(addr, len) VG_PMC_ASK_(ADD_TO_TX, addr, len, 0, 0)

/* Stores to [addr, addr + len) belong to transaction id.
 * => 0, 1 no such transaction, 2 the calling thread is not in it */
#define VALGRIND_PMC_ADD_TO_TX_N(id, addr, len) VG_PMC_ASK_(ADD_TO_TX_N, id, addr, len, 0)

/* Takes [addr, addr + len) out of the calling thread's own transaction.
 * => 0, 1 no transaction is open, 2 the calling thread is not in it */
#define VALGRIND_PMC_REMOVE_FROM_TX(addr, len) VG_PMC_ASK_(REMOVE_FROM_TX, addr, len, 0, 0)

/* Takes [addr, addr + len) out of transaction id.
 * => 0, 1 no such transaction, 2 the calling thread is not in it */
#define VALGRIND_PMC_REMOVE_FROM_TX_N(id, addr, len) VG_PMC_ASK_(REMOVE_FROM_TX_N, id, addr, len, 0)

/* The calling thread joins transaction id.
 * => 0, 1 no such transaction */
#define VALGRIND_PMC_ADD_THREAD_TX_N(id) VG_PMC_ASK_(ADD_THREAD_TO_TX_N, id, 0, 0, 0)

/* The calling thread leaves transaction id.
 * => 0, 1 no such transaction, 2 the calling thread is not in it */
#define VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(id) VG_PMC_ASK_(REMOVE_THREAD_FROM_TX_N, id, 0, 0, 0)

/* Stores to [addr, addr + len) need no transaction, for the rest of the run.  => 0 */
#define VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(addr, len)                                            \
  VG_PMC_ASK_(ADD_TO_GLOBAL_TX_IGNORE, addr, len, 0, 0)

/* ---- Findings
 * ----------------------------------------------------------------------------------*/

/* How many findings are certain so far, the suppressed ones left out?  Stores that are not durable
 * yet are none: they still may be.  => their number */
#define VALGRIND_PMC_COUNT_FINDINGS VG_PMC_ASK_(COUNT_FINDINGS, 0, 0, 0, 0)

/* What the calling thread does from now on is no finding, and neither is what becomes of its
 * stores. Calls nest.  => 0 */
#define VALGRIND_PMC_DISABLE_REPORTING VG_PMC_ASK_(DISABLE_REPORTING, 0, 0, 0, 0)

/* Ends one DISABLE_REPORTING of the calling thread.  => 0 */
#define VALGRIND_PMC_ENABLE_REPORTING VG_PMC_ASK_(ENABLE_REPORTING, 0, 0, 0, 0)

/* Findings say name, a string that ends in a zero byte, of addresses in [addr, addr + len).  The
 * last name counts; an empty one takes the name away.  => 0 */
#define VALGRIND_PMC_NAME_RANGE(addr, len, name) VG_PMC_ASK_(NAME_RANGE, addr, len, name, 0)

/* What was stored to [addr, addr + len) has to be durable now; what is not is a finding.
 * => 0 it is durable, 1 it is not */
#define VALGRIND_PMC_ASSERT_DURABLE(addr, len) VG_PMC_ASK_(ASSERT_DURABLE, addr, len, 0, 0)

/* When something in [second, second + second_len) is next stored to, all of [first, first +
 * first_len) has to be durable; or that store is a finding.  Both ranges are persistent.  => 0 */
#define VALGRIND_PMC_ASSERT_DURABLE_BEFORE(first, first_len, second, second_len)                   \
  VG_PMC_ASK_(ASSERT_DURABLE_BEFORE, first, first_len, second, second_len)

/* ---- Output -----------------------------------------------------------------------------------*/

/* Prints the report as it stands, even with --print-summary=no.  Statement. */
#define VALGRIND_PMC_WRITE_STATS VG_PMC_TELL_(WRITE_STATS)

/* Puts text, a string that ends in a zero byte, into the log of stores as a record.  => 0 */
#define VALGRIND_PMC_EMIT_LOG(text) VG_PMC_ASK_(EMIT_LOG, text, 0, 0, 0)

/* Records in the log of stores that [addr, addr + len) was synchronised down to the medium.
 * => 0 */
#define VALGRIND_PMC_DEEP_SYNC(addr, len) VG_PMC_ASK_(DEEP_SYNC, addr, len, 0, 0)

#endif /* VALGRIND_PMEMCHECK_H */
