// nt_store.h: is this guest instruction a non-temporal store, and of what?
//
// Floor 1.  Tested in tests/decode/test_nt_store.cpp, against what the assembler emits.
//
// The rules are Intel's: SDM vol. 2A, 2.1 and 2.2.1 (see insn_reader.h, which reads prefixes and
// operands), 2.3.2 to 2.3.5 (the VEX prefix), and the pages MOVNTI, MOVNTQ, MOVNTDQ, MOVNTPS,
// MOVNTPD, MASKMOVQ, MASKMOVDQU, MOVDIRI, MOVDIR64B.  Which instructions count is the list
// pmemcheck/tables/nt_stores.def.
//
// "VEX" alone is Valgrind's translator, as everywhere; C4 and C5 are always "a VEX prefix".
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

// Which bytes are stored, and who can execute that.
enum class NtStoreKind : std::uint8_t {
  Plain,      // all bytes of the operand; VEX executes it
  MaskedMmx,  // those of the bytes at RDI whose mask has its top bit set, mask in MMX register
              // `reg`; VEX executes it
  MaskedXmm,  // the same, mask in XMM register `reg`; VEX executes it
  Direct,     // general register `reg` goes to `operand`; VEX cannot execute it
  Direct64,   // 64 bytes at `operand` go to the address in general register `reg`; nor this
};

// RETURNS: the mnemonic, a string that lives for ever.
const char* name_of(NtStoreOp op);
NtStoreKind kind_of(NtStoreOp op);

struct NtStore {
  NtStoreOp op = NtStoreOp::movnti;
  NtStoreKind kind = NtStoreKind::Plain;
  unsigned length = 0;   // bytes of the instruction, 3 .. kMaxInsnBytes
  unsigned size = 0;     // bytes stored at most: 4, 8, 16, 32 or 64
  std::uint8_t reg = 0;  // as NtStoreKind says, 0 .. 15, of MMX 0 .. 7; 0 for Plain

  // All-default for the masked ones, whose memory ModRM does not name.  Direct64 reads here: the
  // segment is of this address alone, for the one in `reg` is always ES's, which begins at 0; but
  // address_size_32 cuts both.
  MemoryOperand operand;

  constexpr bool operator==(const NtStore&) const = default;
};

// Decodes the instruction that begins at `code`.
//
// RETURNS: whether it is one of NtStoreOp; only then is `*store` written.  "No" means that the
// bytes belong to somebody else, valid or not.
//
// Reads one byte at a time, and none that the bytes before it do not call for.  Most instructions
// are not ours and cost one byte and a comparison or two.
bool decode_nt_store(const std::uint8_t* code, NtStore* store);

}  // namespace pmemcheck
