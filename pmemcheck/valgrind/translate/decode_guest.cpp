// decode_guest.cpp: wraps VEX's decoder to handle flushes, fences and non-temporal stores first.
//
// VEX decodes amd64 instructions in one function, disInstr_AMD64, and the tool is linked with
// --wrap=disInstr_AMD64: each guest instruction comes here first.
//
//   CLFLUSH, CLFLUSHOPT, CLWB are decoded here alone.  Stock VEX raises SIGILL on the latter two
//     and treats CLFLUSH as an invalidation of 256 bytes of code.  The IR written for one is
//
//        ------ IMark(0x401136, 4, 0) ------          (by VEX, before it calls the decoder)
//        t5 = GET:I64(offset of RAX)
//        t6 = Add64(t5, 0x40:I64)                     the operand's address
//        t7 = LDle:I8(t6)                             faults where the processor would
//        DIRTY 1:I1 ::: on_weak_flush{...}(GSPTR, t6, 8Uto64(t7), 0x401136:I64)
//        PUT(offset of RIP) = 0x40113A:I64
//
//   SFENCE, MFENCE are left to VEX, with a call of ours before its memory bus event.  They cannot
//     be distinguished from LFENCE later, because all three reach the tool as Imbe_Fence.
//   Non-temporal stores are left to VEX, after a mark, because they reach the tool as plain
//     stores.  A masked store (MASKMOVQ, MASKMOVDQU) reaches it as a store of the whole operand;
//     its mark carries the mask.
//   MOVDIRI, MOVDIR64B are decoded here alone, after a mark.  Stock VEX raises SIGILL.
//   Everything else is left to VEX, bit for bit.
//
// Floor 4.  Tested in regtest/cases/flush and regtest/cases/store.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/translate/decode_guest.h"

#include "pmemcheck/base/check.h"
#include "pmemcheck/decode/nt_store.h"
#include "pmemcheck/decode/persist_insn.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/runtime.h"
#include "pmemcheck/valgrind/translate/fence_call.h"
#include "pmemcheck/valgrind/translate/ir.h"

namespace {

// What VEX's decoders return, by value.  Private to VEX, unchanged since 3.15.
struct DisResult {
  UInt length;     // bytes
  UInt what_next;  // we need only kContinue
  UInt hint;
  UInt jump_kind;
};
constexpr UInt kContinue = 0x11;
constexpr UInt kNoHint = 0x20;
static_assert(sizeof(DisResult) == 16, "returned in two registers");

}  // namespace

extern "C" DisResult __real_disInstr_AMD64(IRSB*, const UChar*, Long, Addr, VexArch,
                                           const VexArchInfo*, const VexAbiInfo*, VexEndness, Bool);

namespace pmemcheck {

namespace {

constinit bool g_wrapped = false;

IRExpr* address_of(IrWriter& ir, const MemoryOperand& operand, Addr next_rip) {
  ULong displacement = static_cast<ULong>(operand.displacement);
  if (operand.rip_relative) displacement += next_rip;
  IRExpr* sum = ir.u64(displacement);
  if (operand.base != kNoRegister) sum = ir.add64(ir.get64(register_offset(operand.base)), sum);
  if (operand.index != kNoRegister)
    sum = ir.add64(sum, ir.binop(Iop_Shl64, Ity_I64, ir.get64(register_offset(operand.index)),
                                 ir.u8(operand.scale_shift)));
  if (operand.address_size_32) sum = ir.binop(Iop_And64, Ity_I64, sum, ir.u64(0xffffffff));
  switch (operand.segment) {
  case Segment::None: return sum;
  case Segment::FS: return ir.add64(ir.get64(offsetof(VexGuestAMD64State, guest_FS_CONST)), sum);
  case Segment::GS: return ir.add64(ir.get64(offsetof(VexGuestAMD64State, guest_GS_CONST)), sum);
  }
  return nullptr;
}

// A flush faults where a load of the line would: Intel SDM vol. 2A, CLWB, "is treated as a load".
void write_flush(IRSB* block, const PersistInsn& insn, Addr ip) {
  IrWriter ir(block);
  IRExpr* address = address_of(ir, insn.operand, ip + insn.length);
  IRExpr* read = ir.unop(Iop_8Uto64, Ity_I64, ir.load(Ity_I8, address));
  if (!command_line::options().isa_rec) {
    // VEX would remove a load whose value is not used.
    ir.call("ignore_flush", runtime::ignore_flush, nullptr, read);
    return;
  }
  const bool is_strong = effect_of(insn.op) == PersistEffect::StrongFlush &&
                         !command_line::options().expect_fence_after_clflush;
  IRDirty* call = ir.call(is_strong ? "on_strong_flush" : "on_weak_flush",
                          is_strong ? runtime::on_strong_flush : runtime::on_weak_flush, nullptr,
                          IRExpr_GSPTR(), address, read, ir.u64(ip));
  ir.reads_stack(call);
}

// ---- non-temporal stores ------------------------------------------------------------------------

void nt_mark(ULong) {}  // only its address matters

void write_nt_mark(IrWriter& ir, IRExpr* bytes) {
  ir.call("nt_mark", nt_mark, nullptr, bytes);
}

// RETURNS: the top bits of the mask's bytes, which select the bytes that are stored (Intel SDM vol.
// 2B, MASKMOVDQU).
IRExpr* stored_by_xmm(IrWriter& ir, unsigned reg) {
  constexpr std::size_t kBytes =
      offsetof(VexGuestAMD64State, guest_YMM1) - offsetof(VexGuestAMD64State, guest_YMM0);
  IRExpr* mask = ir.get(Ity_V128, offsetof(VexGuestAMD64State, guest_YMM0) + kBytes * reg);
  return ir.unop(Iop_16Uto64, Ity_I64, ir.unop(Iop_GetMSBs8x16, Ity_I16, mask));
}

IRExpr* stored_by_mmx(IrWriter& ir, unsigned reg) {
  IRExpr* mask = ir.get64(offsetof(VexGuestAMD64State, guest_FPREG) + 8 * reg);
  return ir.unop(Iop_8Uto64, Ity_I64, ir.unop(Iop_GetMSBs8x8, Ity_I8, mask));
}

// MOVDIR64B stores its 64 bytes as one (Intel SDM vol. 2B, MOVDIR64B).
void copy_64_bytes(Addr to, Addr from) {
  ULong bytes[8];
  VG_(memcpy)(bytes, reinterpret_cast<const void*>(from), sizeof bytes);
  VG_(memcpy)(reinterpret_cast<void*>(to), bytes, sizeof bytes);
}

void write_movdiri(IrWriter& ir, const NtStore& insn, Addr ip) {
  IRExpr* address = address_of(ir, insn.operand, ip + insn.length);
  IRExpr* value = ir.get64(register_offset(insn.reg));
  if (insn.size == 4) value = ir.unop(Iop_64to32, Ity_I32, value);
  ir.add(IRStmt_Store(Iend_LE, address, value));
}

void write_movdir64b(IrWriter& ir, const NtStore& insn, Addr ip) {
  IRExpr* from = address_of(ir, insn.operand, ip + insn.length);
  IRExpr* to = ir.get64(register_offset(insn.reg));
  if (insn.operand.address_size_32) to = ir.binop(Iop_And64, Ity_I64, to, ir.u64(0xffffffff));
  // A destination that is not aligned raises #GP(0), which Linux turns into SIGSEGV.
  IRExpr* misaligned = ir.binop(
      Iop_CmpNE64, Ity_I1, ir.binop(Iop_And64, Ity_I64, to, ir.u64(kLineBytes - 1)), ir.u64(0));
  ir.add(IRStmt_Exit(misaligned, Ijk_SigSEGV, IRConst_U64(ip),
                     offsetof(VexGuestAMD64State, guest_RIP)));
  IRDirty* copy = ir.call("copy_64_bytes", copy_64_bytes, nullptr, to, from);
  copy->mFx = Ifx_Write;
  copy->mAddr = to;
  copy->mSize = static_cast<Int>(kLineBytes);
}

// Begins a non-temporal store.  RETURNS: whether it is complete; if not, VEX writes the rest.
bool write_nt_store(IRSB* block, const NtStore& insn, Addr ip, bool counts) {
  IrWriter ir(block);
  IRExpr* bytes = ir.u64(kAllBytes);
  if (insn.kind == NtStoreKind::MaskedMmx) bytes = stored_by_mmx(ir, insn.reg);
  if (insn.kind == NtStoreKind::MaskedXmm) bytes = stored_by_xmm(ir, insn.reg);
  if (counts) write_nt_mark(ir, bytes);
  switch (insn.kind) {
  case NtStoreKind::Plain:
  case NtStoreKind::MaskedMmx:
  case NtStoreKind::MaskedXmm: return false;
  case NtStoreKind::Direct: write_movdiri(ir, insn, ip); return true;
  case NtStoreKind::Direct64: write_movdir64b(ir, insn, ip); return true;
  }
  return false;
}

// ---- the wrapper --------------------------------------------------------------------------------

// RETURNS: the result for VEX after an instruction that we have written completely.
DisResult done(IRSB* block, Addr rip, unsigned length) {
  addStmtToIRSB(block,
                IRStmt_Put(offsetof(VexGuestAMD64State, guest_RIP), IrWriter::u64(rip + length)));
  return {length, kContinue, kNoHint, static_cast<UInt>(Ijk_INVALID)};
}

// Removes the calls that we wrote from statement `first` on, because VEX refused the instruction.
void take_back(IRSB* block, Int first) {
  for (Int i = first; i < block->stmts_used; i++)
    if (block->stmts[i]->tag == Ist_Dirty) block->stmts[i] = IRStmt_NoOp();
}

}  // namespace

bool is_nt_mark(const IRDirty* dirty) {
  return dirty->cee->addr == reinterpret_cast<void*>(nt_mark);
}

bool decoder_is_wrapped() {
  return g_wrapped;
}

}  // namespace pmemcheck

extern "C" DisResult __wrap_disInstr_AMD64(IRSB* block, const UChar* code, Long delta, Addr rip,
                                           VexArch arch, const VexArchInfo* arch_info,
                                           const VexAbiInfo* abi, VexEndness endness,
                                           Bool report_sigill) {
  using namespace pmemcheck;
  const auto decode_by_vex = [&] {
    return __real_disInstr_AMD64(block, code, delta, rip, arch, arch_info, abi, endness,
                                 report_sigill);
  };
  g_wrapped = true;
  const bool isa_rec = command_line::options().isa_rec;
  const Int ours = block->stmts_used;

  NtStore nt_store;
  if (decode_nt_store(code + delta, &nt_store)) {
    if (write_nt_store(block, nt_store, rip, isa_rec)) return done(block, rip, nt_store.length);
    const DisResult result = decode_by_vex();
    if (result.length == 0) take_back(block, ours);
    return result;
  }

  PersistInsn insn;
  if (!decode_persist_insn(code + delta, &insn)) return decode_by_vex();
  switch (effect_of(insn.op)) {
  case PersistEffect::WeakFlush:
  case PersistEffect::StrongFlush:
    write_flush(block, insn, rip);
    return done(block, rip, insn.length);
  case PersistEffect::Fence: {
    if (!isa_rec) return decode_by_vex();
    IrWriter ir(block);
    write_fence_call(ir, rip, events::FenceBy::Program);
    const DisResult result = decode_by_vex();
    if (result.length == 0) take_back(block, ours);
    return result;
  }
  }
  PM_CHECK(!"an effect of persist_ops.def is not handled");
  return decode_by_vex();
}
