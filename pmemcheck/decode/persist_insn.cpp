// persist_insn.cpp: prefixes, opcode, ModRM, SIB and displacement, in the order they are encoded.
//
// Floor 1.  Tested in tests/decode/test_persist_insn.cpp.  Bytes are read in one place each, and
// each read stands after the test that makes it necessary.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/persist_insn.h"

#include <cstddef>

#include "pmemcheck/base/check.h"

namespace pmemcheck {
namespace {

enum class OperandForm : std::uint8_t { mem, reg };

// A row of persist_ops.def; its place in kRows is the value of its PersistOp.
struct Row {
  const char* name;
  bool has66;
  std::uint8_t reg;
  OperandForm form;
  PersistEffect effect;
};

constexpr Row kRows[] = {
#define PM_PERSIST_OP(name, has66, reg, operand_form, effect)                                      \
  {#name, has66, reg, OperandForm::operand_form, PersistEffect::effect},
#include "pmemcheck/tables/persist_ops.def"
#undef PM_PERSIST_OP
};

constexpr std::size_t kRowCount = sizeof(kRows) / sizeof(kRows[0]);

// No encoding may stand for two rows, and only fences do without an operand.
constexpr bool rows_are_sound() {
  for (std::size_t i = 0; i < kRowCount; i++) {
    const Row& a = kRows[i];
    if (a.reg > 7 || (a.form == OperandForm::reg) != (a.effect == PersistEffect::Fence)) {
      return false;
    }
    for (std::size_t j = 0; j < i; j++) {
      const Row& b = kRows[j];
      if (a.has66 == b.has66 && a.reg == b.reg && a.form == b.form) return false;
    }
  }
  return true;
}
static_assert(rows_are_sound(), "persist_ops.def: two rows share an encoding, or a form is wrong");

const Row& row_of(PersistOp op) {
  const auto place = static_cast<std::size_t>(op);
  PM_CHECK(place < kRowCount);
  return kRows[place];
}

// 0F AE and ModRM: what follows the prefixes in every instruction of ours.
constexpr unsigned kOpcodeAndModrmBytes = 3;

// What stands before the opcode.
struct Prefixes {
  unsigned count = 0;    // 0 .. kMaxInsnBytes - kOpcodeAndModrmBytes
  std::uint8_t rex = 0;  // the REX just before the opcode, or 0
  bool has66 = false;
  bool has67 = false;
  Segment segment = Segment::None;

  // The bits of REX that widen base and index, moved to where register numbers want them.
  unsigned rex_b() const { return (rex & 1u) << 3; }
  unsigned rex_x() const { return (rex & 2u) << 2; }
};

// Reads up to the first byte of the opcode.
// RETURNS: whether that byte is 0F, and the prefixes are such as our instructions may have.
bool read_prefixes(const std::uint8_t* code, Prefixes* prefixes) {
  for (; prefixes->count <= kMaxInsnBytes - kOpcodeAndModrmBytes; prefixes->count++) {
    const std::uint8_t byte = code[prefixes->count];
    std::uint8_t rex = 0;
    switch (byte) {
    case 0x0f: return true;
    case 0x66: prefixes->has66 = true; break;
    case 0x67: prefixes->has67 = true; break;
    // CS, DS, ES and SS begin at 0 in 64-bit mode, and do not undo an FS or GS beside them.
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e: break;
    // Both FS and GS in one instruction is undefined: left to VEX, which refuses it.
    case 0x64:
      if (prefixes->segment == Segment::GS) return false;
      prefixes->segment = Segment::FS;
      break;
    case 0x65:
      if (prefixes->segment == Segment::FS) return false;
      prefixes->segment = Segment::GS;
      break;
    // F0 (LOCK) makes our opcodes invalid; F2 and F3 make them UMWAIT, UMONITOR, PTWRITE,
    // CLRSSBSY and the like.  All other bytes begin another opcode.
    default:
      if ((byte & 0xf0) != 0x40) return false;
      rex = byte;
    }
    // Anything after a REX other than the opcode makes the processor forget it.
    prefixes->rex = rex;
  }
  return false;
}

// RETURNS: the signed little-endian number of `bytes` bytes (0, 1 or 4).
std::int64_t read_displacement(const std::uint8_t* code, unsigned bytes) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < bytes; i++) bits |= std::uint32_t{code[i]} << 8 * i;
  return bytes == 1 ? static_cast<std::int8_t>(bits) : static_cast<std::int32_t>(bits);
}

// Reads what follows ModRM.  `used` counts the bytes up to and with ModRM, and on return those of
// the whole instruction.
// REQUIRES: the mod of `modrm` is not 3.
// RETURNS: false where the instruction would be longer than any may be.
bool read_operand(const std::uint8_t* code, const Prefixes& prefixes, std::uint8_t modrm,
                  unsigned* used, MemoryOperand* operand) {
  const unsigned mod = modrm >> 6;
  const unsigned rm = modrm & 7u;
  PM_CHECK(mod != 3);
  operand->address_size_32 = prefixes.has67;
  operand->segment = prefixes.segment;

  unsigned displacement_bytes = mod == 1 ? 1 : mod == 2 ? 4 : 0;
  // rm 4 calls for a SIB byte and rm 5 with mod 0 for RIP, whatever REX.B says: so R12 is encoded
  // as RSP is, and R13 as RBP.
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
    // Index 4 is "none", but REX.X makes it R12.
    const unsigned index = (sib >> 3 & 7u) | prefixes.rex_x();
    if (index != 4) {
      operand->index = static_cast<std::uint8_t>(index);
      operand->scale_shift = static_cast<std::uint8_t>(sib >> 6);
    }
    if (mod == 0 && base == 5) {  // again whatever REX.B says
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

}  // namespace

const char* name_of(PersistOp op) {
  return row_of(op).name;
}

PersistEffect effect_of(PersistOp op) {
  return row_of(op).effect;
}

bool decode_persist_insn(const std::uint8_t* code, PersistInsn* insn) {
  PM_CHECK(code != nullptr && insn != nullptr);
  Prefixes prefixes;
  if (!read_prefixes(code, &prefixes)) return false;
  unsigned used = prefixes.count + 1;
  if (code[used++] != 0xae) return false;
  const std::uint8_t modrm = code[used++];
  const OperandForm form = modrm >> 6 == 3 ? OperandForm::reg : OperandForm::mem;
  // REX.R is no part of the "/digit", and REX.W changes nothing.
  const unsigned reg = modrm >> 3 & 7u;

  for (std::size_t i = 0; i < kRowCount; i++) {
    const Row& row = kRows[i];
    if (row.has66 != prefixes.has66 || row.reg != reg || row.form != form) continue;
    PersistInsn found;
    found.op = static_cast<PersistOp>(i);
    if (form == OperandForm::mem && !read_operand(code, prefixes, modrm, &used, &found.operand)) {
      return false;
    }
    found.length = used;
    PM_CHECK(found.length <= kMaxInsnBytes && found.operand.is_valid());
    *insn = found;
    return true;
  }
  return false;
}

}  // namespace pmemcheck
