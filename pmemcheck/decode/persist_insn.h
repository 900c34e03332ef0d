// persist_insn.h: is this guest instruction a flush or a fence, and of what address?
//
// Floor 1.  Tested in tests/decode/test_persist_insn.cpp, against what the assembler emits.
//
// The rules are Intel's: SDM vol. 2A, 2.1 (prefixes, ModRM, SIB) and 2.2.1 (REX, RIP-relative
// addressing, null segment overrides), and the pages CLFLUSH, CLFLUSHOPT, CLWB, SFENCE, MFENCE.
// Which instructions count is the list pmemcheck/tables/persist_ops.def.
//
// Nothing here knows Valgrind: an operand is described in pure form.  effective_address() says
// what that form means; pmemcheck/valgrind/ emits the same sum as IR.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace pmemcheck {

// The instructions of persist_ops.def, by mnemonic.  The values are not written to any file.
enum class PersistOp : std::uint8_t {
#define PM_PERSIST_OP(name, has66, reg, operand_form, effect) name,
#include "pmemcheck/tables/persist_ops.def"
#undef PM_PERSIST_OP
};

// What an instruction does to the persistence of earlier stores.
enum class PersistEffect : std::uint8_t {
  WeakFlush,    // writes the line back at some time before the thread's next fence completes
  StrongFlush,  // as WeakFlush, and ordered with stores and other such flushes: needs no fence
  Fence,        // completes the thread's weak flushes and non-temporal stores; has no operand
};

// RETURNS: the mnemonic, a string that lives for ever.
const char* name_of(PersistOp op);
PersistEffect effect_of(PersistOp op);

// The segments whose base is added in 64-bit mode.
enum class Segment : std::uint8_t { None, FS, GS };

// Stands where an operand has no base or no index.
inline constexpr std::uint8_t kNoRegister = 0xff;

// How an instruction computes the address of its memory operand.  Registers are numbered as
// encoded: RAX RCX RDX RBX RSP RBP RSI RDI R8 .. R15, from 0 on.  All-default is "no operand".
struct MemoryOperand {
  std::int64_t displacement = 0;     // sign-extended from 8 or 32 bits
  std::uint8_t base = kNoRegister;   // 0 .. 15, or kNoRegister
  std::uint8_t index = kNoRegister;  // 0 .. 15 except 4 (RSP), or kNoRegister
  std::uint8_t scale_shift = 0;      // 0 .. 3; 0 without an index
  bool rip_relative = false;         // adds the address of the next instruction; no base or index
  bool address_size_32 = false;      // prefix 67: the sum is cut to 32 bits, before the segment
  Segment segment = Segment::None;

  constexpr bool is_valid() const {
    if (base != kNoRegister && base > 15) return false;
    if (index == kNoRegister ? scale_shift != 0 : index > 15 || index == 4) return false;
    return scale_shift <= 3 && !(rip_relative && (base != kNoRegister || index != kNoRegister));
  }
  constexpr bool operator==(const MemoryOperand&) const = default;
};

// The meaning of MemoryOperand: the address in a machine whose registers are `regs`, whose next
// instruction is at `next_rip`, and whose segments FS and GS begin at `fs` and `gs`.
// REQUIRES: operand.is_valid().
constexpr std::uint64_t effective_address(const MemoryOperand& operand,
                                          const std::uint64_t regs[16], std::uint64_t next_rip,
                                          std::uint64_t fs, std::uint64_t gs) {
  std::uint64_t sum = static_cast<std::uint64_t>(operand.displacement);
  if (operand.base != kNoRegister) sum += regs[operand.base];
  if (operand.index != kNoRegister) sum += regs[operand.index] << operand.scale_shift;
  if (operand.rip_relative) sum += next_rip;
  // With 67 the registers are 32 bits wide; cutting the sum alone gives the same low bits.
  if (operand.address_size_32) sum &= 0xffffffff;
  switch (operand.segment) {
  case Segment::None: break;
  case Segment::FS: sum += fs; break;
  case Segment::GS: sum += gs; break;
  }
  return sum;
}

// The longest instruction that the processor accepts (SDM vol. 2A, 2.3.11).
inline constexpr unsigned kMaxInsnBytes = 15;

struct PersistInsn {
  PersistOp op = PersistOp::clflush;
  unsigned length = 0;    // bytes, 3 .. kMaxInsnBytes
  MemoryOperand operand;  // all-default for fences

  constexpr bool operator==(const PersistInsn&) const = default;
};

// Decodes the instruction that begins at `code`.
//
// RETURNS: whether it is one of PersistOp; only then is `*insn` written.  "No" means that the bytes
// belong to somebody else, valid or not.
//
// Reads one byte at a time, and none that the bytes before it do not call for: the instruction may
// end at the last byte of a mapped page.  Most instructions are not ours and cost one byte and one
// comparison or two.
bool decode_persist_insn(const std::uint8_t* code, PersistInsn* insn);

}  // namespace pmemcheck
