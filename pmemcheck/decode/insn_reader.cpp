// insn_reader.cpp: prefixes, SIB and displacement, in the order in which they are encoded.
//
// Floor 1.  Tested in tests/decode/test_insn_reader.cpp.  Each byte is read in one place, after the
// test that shows that it is needed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/insn_reader.h"

#include "pmemcheck/base/check.h"

namespace pmemcheck {
namespace {

// RETURNS: the signed little-endian number of `bytes` bytes (0, 1 or 4).
std::int64_t read_displacement(const std::uint8_t* code, unsigned bytes) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < bytes; i++) bits |= std::uint32_t{code[i]} << 8 * i;
  return bytes == 1 ? static_cast<std::int8_t>(bits) : static_cast<std::int32_t>(bits);
}

}  // namespace

std::uint8_t read_prefixes(const std::uint8_t* code, Prefixes* prefixes) {
  std::uint8_t byte = 0;
  for (; prefixes->count <= kMaxInsnBytes - kLeastAfterPrefixes; prefixes->count++) {
    byte = code[prefixes->count];
    std::uint8_t rex = 0;
    switch (byte) {
    case 0x66: prefixes->has66 = true; break;
    case 0x67: prefixes->has67 = true; break;
    // CS, DS, ES and SS begin at 0 in 64-bit mode, and do not cancel an FS or GS prefix.
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e: break;
    // FS and GS in one instruction is undefined.  VEX refuses it; leave it to VEX.
    case 0x64:
      if (prefixes->segment == Segment::GS) return byte;
      prefixes->segment = Segment::FS;
      break;
    case 0x65:
      if (prefixes->segment == Segment::FS) return byte;
      prefixes->segment = Segment::GS;
      break;
    default:
      if ((byte & 0xf0) != 0x40) return byte;
      rex = byte;
      prefixes->has_rex = true;
    }
    // The processor ignores a REX that is not directly in front of the opcode.
    prefixes->rex = rex;
  }
  return byte;
}

bool read_operand(const std::uint8_t* code, const Prefixes& prefixes, std::uint8_t modrm,
                  unsigned* used, MemoryOperand* operand) {
  const unsigned mod = modrm >> 6;
  const unsigned rm = modrm & 7u;
  PM_CHECK(mod != 3 && *used <= kMaxInsnBytes);
  operand->address_size_32 = prefixes.has67;
  operand->segment = prefixes.segment;

  unsigned displacement_bytes = mod == 1 ? 1 : mod == 2 ? 4 : 0;
  // rm 4 means a SIB byte, and rm 5 with mod 0 means RIP, whatever REX.B is: R12 is encoded like
  // RSP, and R13 like RBP.
  const bool has_sib = rm == 4;
  if (mod == 0 && rm == 5) {
    operand->rip_relative = true;
    displacement_bytes = 4;
  } else if (!has_sib) {
    operand->base = static_cast<std::uint8_t>(rm | prefixes.rex_b());
  }
  if (*used + has_sib + displacement_bytes > kMaxInsnBytes) return false;

  if (has_sib) {
    const std::uint8_t sib = code[(*used)++];
    const unsigned base = sib & 7u;
    // Index 4 means none, but with REX.X it is R12.
    const unsigned index = (sib >> 3 & 7u) | prefixes.rex_x();
    if (index != 4) {
      operand->index = static_cast<std::uint8_t>(index);
      operand->scale_shift = static_cast<std::uint8_t>(sib >> 6);
    }
    if (mod == 0 && base == 5) {  // with either value of REX.B
      displacement_bytes = 4;
      if (*used + displacement_bytes > kMaxInsnBytes) return false;
    } else {
      operand->base = static_cast<std::uint8_t>(base | prefixes.rex_b());
    }
  }
  operand->displacement = read_displacement(code + *used, displacement_bytes);
  *used += displacement_bytes;
  return true;
}

}  // namespace pmemcheck
