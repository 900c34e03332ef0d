// persist_insn.h: recognises flushes and fences and decodes their operands.
//
// Floor 1.  Tested in tests/decode/test_persist_insn.cpp, against what the assembler emits.
//
// The rules are Intel's: SDM vol. 2A, 2.1 and 2.2.1 (see insn_reader.h, which reads prefixes and
// operands), and the pages CLFLUSH, CLFLUSHOPT, CLWB, SFENCE, MFENCE.  The list of instructions is
// pmemcheck/tables/persist_ops.def.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/decode/insn_reader.h"

namespace pmemcheck {

// The instructions of persist_ops.def, by mnemonic.  The values are not written to any file.
enum class PersistOp : std::uint8_t {
#define PM_PERSIST_OP(name, has66, reg, operand_form, effect) name,
#include "pmemcheck/tables/persist_ops.def"
#undef PM_PERSIST_OP
};

// What an instruction does to the persistence of earlier stores.
enum class PersistEffect : std::uint8_t {
  WeakFlush,    // writes the line back before the thread's next fence completes
  StrongFlush,  // writes the line back in order with stores and strong flushes; needs no fence
  Fence,        // completes the thread's weak flushes and non-temporal stores; has no operand
};

// RETURNS: the mnemonic, a string that is never freed.
const char* name_of(PersistOp op);
PersistEffect effect_of(PersistOp op);

struct PersistInsn {
  PersistOp op = PersistOp::clflush;
  unsigned length = 0;    // bytes, 3 .. kMaxInsnBytes
  MemoryOperand operand;  // all-default for fences

  constexpr bool operator==(const PersistInsn&) const = default;
};

// Decodes the instruction that begins at `code`.
//
// RETURNS: whether it is one of PersistOp; `*insn` is written only then.  If not, the instruction
// may be valid or invalid.
//
// Reads no byte beyond the instruction: see insn_reader.h.  Most instructions are not ours, and
// cost one byte and one or two comparisons.
bool decode_persist_insn(const std::uint8_t* code, PersistInsn* insn);

}  // namespace pmemcheck
