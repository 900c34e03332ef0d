// persist_insn.cpp: the opcode and ModRM; insn_reader.h reads the rest.
//
// Floor 1.  Tested in tests/decode/test_persist_insn.cpp.  Each byte is read in one place, after
// the test that shows that it is needed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/persist_insn.h"

#include <cstddef>

#include "pmemcheck/base/check.h"

namespace pmemcheck {
namespace {

enum class OperandForm : std::uint8_t { mem, reg };

// A row of persist_ops.def; its index in kRows is the value of its PersistOp.
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

// No two rows share an encoding, and only fences have no operand.
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
  // F0, F2 and F3 end the prefixes.  F0 (LOCK) makes our opcodes invalid; F2 and F3 make them
  // UMWAIT, UMONITOR, PTWRITE, CLRSSBSY and others.
  if (read_prefixes(code, &prefixes) != 0x0f) return false;
  unsigned used = prefixes.count + 1;
  if (code[used++] != 0xae) return false;
  const std::uint8_t modrm = code[used++];
  const OperandForm form = modrm >> 6 == 3 ? OperandForm::reg : OperandForm::mem;
  // REX.R is not part of the "/digit", and REX.W has no effect.
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
