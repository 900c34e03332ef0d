// nt_store.h: recognises non-temporal stores and decodes their operands.
//
// Floor 1.  Tested in tests/decode/test_nt_store.cpp, against what the assembler emits.
//
// The rules are Intel's: SDM vol. 2A, 2.1 and 2.2.1 (see insn_reader.h, which reads prefixes and
// operands), 2.3.2 to 2.3.5 (the VEX prefix), and the pages MOVNTI, MOVNTQ, MOVNTDQ, MOVNTPS,
// MOVNTPD, MASKMOVQ, MASKMOVDQU, MOVDIRI, MOVDIR64B.  The list of instructions is
// pmemcheck/tables/nt_stores.def.
//
// "VEX" alone means Valgrind's translator, as everywhere; C4 and C5 are called "a VEX prefix".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/decode/insn_reader.h"

namespace pmemcheck {

// The instructions of nt_stores.def, by mnemonic.  The values are not written to any file.
enum class NtStoreOp : std::uint8_t {
#define PM_NT_STORE(name, has66, map, opcode, operand_form, encoding, width, kind) name,
#include "pmemcheck/tables/nt_stores.def"
#undef PM_NT_STORE
};

// Which bytes are stored, and whether VEX can execute the instruction.
enum class NtStoreKind : std::uint8_t {
  Plain,      // all bytes of the operand; VEX executes it
  MaskedMmx,  // the bytes at RDI for which the top bit of a byte of the mask is set; the mask is in
              // MMX register `reg`; VEX executes it
  MaskedXmm,  // like MaskedMmx, with the mask in XMM register `reg`; VEX executes it
  Direct,     // general register `reg` is stored to `operand`; VEX cannot execute it
  Direct64,   // 64 bytes at `operand` are stored to the address in general register `reg`; VEX
              // cannot execute it
};

// RETURNS: the mnemonic, a string that is never freed.
const char* name_of(NtStoreOp op);
NtStoreKind kind_of(NtStoreOp op);

struct NtStore {
  NtStoreOp op = NtStoreOp::movnti;
  NtStoreKind kind = NtStoreKind::Plain;
  unsigned length = 0;   // bytes of the instruction, 3 .. kMaxInsnBytes
  unsigned size = 0;     // maximum number of bytes stored: 4, 8, 16, 32 or 64
  std::uint8_t reg = 0;  // see NtStoreKind: 0 .. 15, MMX registers 0 .. 7; 0 for Plain

  // All-default for the masked kinds, whose address is not in ModRM.  For Direct64 this is what is
  // read: the segment applies to this address only, because the one in `reg` uses ES, which begins
  // at 0; address_size_32 truncates both.
  MemoryOperand operand;

  constexpr bool operator==(const NtStore&) const = default;
};

// Decodes the instruction that begins at `code`.
//
// RETURNS: whether it is one of NtStoreOp; `*store` is written only then.  If not, the instruction
// may be valid or invalid.
//
// Reads no byte beyond the instruction: see insn_reader.h.  Most instructions are not ours, and
// cost one byte and one or two comparisons.
bool decode_nt_store(const std::uint8_t* code, NtStore* store);

}  // namespace pmemcheck
