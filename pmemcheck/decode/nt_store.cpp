// nt_store.cpp: the opcode, with or without a VEX prefix, and ModRM; insn_reader.h reads the rest.
//
// Floor 1.  Tested in tests/decode/test_nt_store.cpp.  Each byte is read in one place, after the
// test that shows that it is needed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/nt_store.h"

#include <cstddef>

#include "pmemcheck/base/check.h"

namespace pmemcheck {
namespace {

enum class OpcodeMap : std::uint8_t { map_0f, map_0f38 };
enum class OperandForm : std::uint8_t { mem, reg };
enum class Encoding : std::uint8_t { legacy, vex, vex128 };
enum class Width : std::uint8_t { general, mmx, vector, block };

// A row of nt_stores.def; its index in kRows is the value of its NtStoreOp.
struct Row {
  const char* name;
  bool has66;
  OpcodeMap map;
  std::uint8_t opcode;
  OperandForm form;
  Encoding encoding;
  Width width;
  NtStoreKind kind;
};

constexpr Row kRows[] = {
#define PM_NT_STORE(name, has66, map, opcode, operand_form, encoding, width, kind)                 \
  {#name,                                                                                          \
   has66,                                                                                          \
   OpcodeMap::map,                                                                                 \
   opcode,                                                                                         \
   OperandForm::operand_form,                                                                      \
   Encoding::encoding,                                                                             \
   Width::width,                                                                                   \
   NtStoreKind::kind},
#include "pmemcheck/tables/nt_stores.def"
#undef PM_NT_STORE
};

constexpr std::size_t kRowCount = sizeof(kRows) / sizeof(kRows[0]);

// Rows are found before ModRM is read, so the opcode must distinguish them.  Only masked stores
// have no memory operand, and in a VEX prefix only map 0F is read.
constexpr bool rows_are_sound() {
  for (std::size_t i = 0; i < kRowCount; i++) {
    const Row& a = kRows[i];
    const bool is_masked = a.kind == NtStoreKind::MaskedMmx || a.kind == NtStoreKind::MaskedXmm;
    if ((a.form == OperandForm::reg) != is_masked) return false;
    if (a.encoding != Encoding::legacy && a.map != OpcodeMap::map_0f) return false;
    for (std::size_t j = 0; j < i; j++) {
      const Row& b = kRows[j];
      if (a.has66 == b.has66 && a.map == b.map && a.opcode == b.opcode) return false;
    }
  }
  return true;
}
static_assert(rows_are_sound(), "nt_stores.def: two rows share an encoding, or a form is wrong");

const Row& row_of(NtStoreOp op) {
  const auto place = static_cast<std::size_t>(op);
  PM_CHECK(place < kRowCount);
  return kRows[place];
}

// An opcode, with the prefixes that are part of it.
struct Opcode {
  OpcodeMap map = OpcodeMap::map_0f;
  std::uint8_t byte = 0;
  bool has66 = false;
  bool is_vex = false;
  bool vex_l = false;
};

// Reads the opcode after 0F.  `used` is the number of bytes up to and including 0F, and on return
// up to and including the opcode.  RETURNS: false if ModRM would be byte 16.
bool read_legacy_opcode(const std::uint8_t* code, const Prefixes& prefixes, unsigned* used,
                        Opcode* opcode) {
  opcode->has66 = prefixes.has66;
  opcode->byte = code[(*used)++];
  if (opcode->byte != 0x38) return true;
  if (*used + 2 > kMaxInsnBytes) return false;
  opcode->map = OpcodeMap::map_0f38;
  opcode->byte = code[(*used)++];
  return true;
}

// Reads the VEX prefix that begins with `first`, and the opcode.  `used` is as in
// read_legacy_opcode().  Puts the register bits into `prefixes`, in the form of a REX.
// RETURNS: false if no row can match, or ModRM would be byte 16.
bool read_vex_opcode(const std::uint8_t* code, std::uint8_t first, Prefixes* prefixes,
                     unsigned* used, Opcode* opcode) {
  // After 66, F2, F3, LOCK or REX a VEX prefix is invalid (SDM vol. 2A, 2.3.2 to 2.3.4).  The
  // manual does not say whether an ignored REX counts.  Leave all of these to VEX.
  if (prefixes->has66 || prefixes->has_rex) return false;
  const bool is_short = first == 0xc5;
  const unsigned left = is_short ? 3 : 4;  // bytes that follow, including opcode and ModRM
  if (*used + left > kMaxInsnBytes) return false;

  std::uint8_t byte = code[(*used)++];
  // Bits 7 to 5 are R, X and B, inverted.  C5 has only R; in place of X and B it has bits of vvvv,
  // which are 1 in our instructions.
  prefixes->rex = static_cast<std::uint8_t>(0x40 | (~unsigned{byte} >> 5 & 7u));
  if (!is_short) {
    if ((byte & 0x1f) != 1) return false;  // map 0F
    byte = code[(*used)++];
  }
  // The rest of the last byte: vvvv, which must be 1111b because our instructions do not use it; L;
  // pp.  Bit 7 is W, which is ignored, or R, which was read above.
  if ((byte & 0x78) != 0x78) return false;
  if ((byte & 2) != 0) return false;  // pp means F3 or F2
  opcode->is_vex = true;
  opcode->has66 = (byte & 1) != 0;
  opcode->vex_l = (byte & 4) != 0;
  opcode->byte = code[(*used)++];
  return true;
}

bool matches(const Row& row, const Opcode& opcode) {
  if (row.opcode != opcode.byte || row.map != opcode.map || row.has66 != opcode.has66) return false;
  switch (row.encoding) {
  case Encoding::legacy: return !opcode.is_vex;
  case Encoding::vex: return true;
  case Encoding::vex128: return !opcode.vex_l;
  }
  return false;
}

unsigned bytes_of(Width width, const Prefixes& prefixes, const Opcode& opcode) {
  switch (width) {
  case Width::general: return prefixes.rex_w() ? 8 : 4;
  case Width::mmx: return 8;
  case Width::vector: return opcode.vex_l ? 32 : 16;
  case Width::block: return 64;
  }
  return 0;
}

std::uint8_t register_of(NtStoreKind kind, const Prefixes& prefixes, std::uint8_t modrm) {
  const unsigned reg = modrm >> 3 & 7u;
  const unsigned rm = modrm & 7u;
  switch (kind) {
  case NtStoreKind::Plain: return 0;
  case NtStoreKind::MaskedMmx: return static_cast<std::uint8_t>(rm);  // there are eight
  case NtStoreKind::MaskedXmm: return static_cast<std::uint8_t>(rm | prefixes.rex_b());
  case NtStoreKind::Direct:
  case NtStoreKind::Direct64: return static_cast<std::uint8_t>(reg | prefixes.rex_r());
  }
  return 0;
}

}  // namespace

const char* name_of(NtStoreOp op) {
  return row_of(op).name;
}

NtStoreKind kind_of(NtStoreOp op) {
  return row_of(op).kind;
}

bool decode_nt_store(const std::uint8_t* code, NtStore* store) {
  PM_CHECK(code != nullptr && store != nullptr);
  Prefixes prefixes;
  Opcode opcode;
  const std::uint8_t first = read_prefixes(code, &prefixes);
  unsigned used = prefixes.count + 1;
  switch (first) {
  case 0x0f:
    if (!read_legacy_opcode(code, prefixes, &used, &opcode)) return false;
    break;
  case 0xc4:
  case 0xc5:
    if (!read_vex_opcode(code, first, &prefixes, &used, &opcode)) return false;
    break;
  // Another opcode; EVEX (62); or F0, F2 or F3, which make our opcodes invalid or different ones.
  default: return false;
  }

  for (std::size_t i = 0; i < kRowCount; i++) {
    const Row& row = kRows[i];
    if (!matches(row, opcode)) continue;
    const std::uint8_t modrm = code[used++];
    const OperandForm form = modrm >> 6 == 3 ? OperandForm::reg : OperandForm::mem;
    if (row.form != form) return false;
    NtStore found;
    found.op = static_cast<NtStoreOp>(i);
    found.kind = row.kind;
    found.size = bytes_of(row.width, prefixes, opcode);
    found.reg = register_of(row.kind, prefixes, modrm);
    if (form == OperandForm::mem && !read_operand(code, prefixes, modrm, &used, &found.operand)) {
      return false;
    }
    found.length = used;
    PM_CHECK(found.length <= kMaxInsnBytes && found.operand.is_valid());
    *store = found;
    return true;
  }
  return false;
}

}  // namespace pmemcheck
