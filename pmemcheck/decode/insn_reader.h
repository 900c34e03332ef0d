// insn_reader.h: prefixes and memory operands of guest instructions, for all decoders.
//
// Floor 1.  Tested in tests/decode/test_insn_reader.cpp, and through the decoders that use it.
//
// The rules are Intel's: SDM vol. 2A, 2.1 (prefixes, ModRM, SIB) and 2.2.1 (REX, RIP-relative
// addressing, null segment overrides).
//
// Nothing here depends on Valgrind.  effective_address() defines what an operand means;
// pmemcheck/valgrind/ emits the same sum as IR.
//
// A decoder reads one byte at a time, and only if the bytes before it show that the instruction has
// another one, because the instruction may end at the last byte of a mapped page.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

// The longest instruction that the processor accepts (SDM vol. 2A, 2.3.11).
inline constexpr unsigned kMaxInsnBytes = 15;

// The shortest of our instructions, without prefixes: 0F, the opcode, ModRM.
inline constexpr unsigned kLeastAfterPrefixes = 3;

// The segments whose base is added in 64-bit mode.
enum class Segment : std::uint8_t { None, FS, GS };

// Sentinel: the operand has no such base or index register.
inline constexpr std::uint8_t kNoRegister = 0xff;

// How an instruction computes the address of its memory operand.  Registers have the numbers of
// their encoding: RAX RCX RDX RBX RSP RBP RSI RDI R8 .. R15, from 0 on.  All-default: no operand.
struct MemoryOperand {
  std::int64_t displacement = 0;     // sign-extended from 8 or 32 bits
  std::uint8_t base = kNoRegister;   // 0 .. 15, or kNoRegister
  std::uint8_t index = kNoRegister;  // 0 .. 15 except 4 (RSP), or kNoRegister
  std::uint8_t scale_shift = 0;      // 0 .. 3; 0 without an index
  bool rip_relative = false;         // adds the next instruction's address; no base or index then
  bool address_size_32 = false;      // prefix 67: the sum is truncated to 32 bits, then FS/GS added
  Segment segment = Segment::None;

  constexpr bool is_valid() const {
    if (base != kNoRegister && base > 15) return false;
    if (index == kNoRegister ? scale_shift != 0 : index > 15 || index == 4) return false;
    return scale_shift <= 3 && !(rip_relative && (base != kNoRegister || index != kNoRegister));
  }
  constexpr bool operator==(const MemoryOperand&) const = default;
};

// RETURNS: the address of the operand in a machine whose registers are `regs`, whose next
// instruction is at `next_rip`, and whose segments FS and GS begin at `fs` and `gs`.  REQUIRES:
// operand.is_valid().
constexpr std::uint64_t effective_address(const MemoryOperand& operand,
                                          const std::uint64_t regs[16], std::uint64_t next_rip,
                                          std::uint64_t fs, std::uint64_t gs) {
  PM_CHECK(operand.is_valid());
  std::uint64_t sum = static_cast<std::uint64_t>(operand.displacement);
  if (operand.base != kNoRegister) sum += regs[operand.base];
  if (operand.index != kNoRegister) sum += regs[operand.index] << operand.scale_shift;
  if (operand.rip_relative) sum += next_rip;
  // With prefix 67 the registers are 32 bits wide; truncating only the sum gives the same low bits.
  if (operand.address_size_32) sum &= 0xffffffff;
  switch (operand.segment) {
  case Segment::None: break;
  case Segment::FS: sum += fs; break;
  case Segment::GS: sum += gs; break;
  }
  return sum;
}

// The bytes before the opcode.
struct Prefixes {
  unsigned count = 0;    // bytes
  std::uint8_t rex = 0;  // the REX directly before the opcode, or 0
  bool has_rex = false;  // there is a REX, even one that the processor ignores
  bool has66 = false;
  bool has67 = false;
  Segment segment = Segment::None;

  // The bits of REX that extend register numbers, shifted to their place in the number.
  unsigned rex_b() const { return (rex & 1u) << 3; }  // rm and base
  unsigned rex_x() const { return (rex & 2u) << 2; }  // index
  unsigned rex_r() const { return (rex & 4u) << 1; }  // reg
  bool rex_w() const { return (rex & 8u) != 0; }
};

// Reads up to the first byte that is not a prefix which our instructions may have.
//
// RETURNS: that byte, code[prefixes->count].  If it begins an opcode or a VEX prefix, the limit of
// 15 bytes leaves room for kLeastAfterPrefixes bytes.  Otherwise it is F0, F2, F3, a second
// segment, or one prefix too many, and the instruction is not one of ours.
std::uint8_t read_prefixes(const std::uint8_t* code, Prefixes* prefixes);

// Reads the rest of the instruction after ModRM.  `used` is the number of bytes up to and including
// ModRM, and on return that of the whole instruction.  REQUIRES: the mod of `modrm` is not 3; *used
// <= kMaxInsnBytes.  RETURNS: false if the instruction would be longer than kMaxInsnBytes.
bool read_operand(const std::uint8_t* code, const Prefixes& prefixes, std::uint8_t modrm,
                  unsigned* used, MemoryOperand* operand);

}  // namespace pmemcheck
