// decode_guest.cpp: flushes and fences, taken before VEX sees them.
//
// VEX decodes amd64 instructions in one function, disInstr_AMD64, and the tool is linked with
// --wrap=disInstr_AMD64: each guest instruction comes here first.
//
//   CLFLUSH, CLFLUSHOPT, CLWB: ours alone.  Stock VEX raises SIGILL on the latter two and takes
//     CLFLUSH for an invalidation of 256 bytes of code.  The IR written for one is
//
//        ------ IMark(0x401136, 4, 0) ------          (by VEX, before it calls the decoder)
//        t5 = GET:I64(offset of RAX)
//        t6 = Add64(t5, 0x40:I64)                     the operand's address
//        t7 = LDle:I8(t6)                             faults where the processor would
//        DIRTY 1:I1 ::: on_weak_flush{...}(GSPTR, t6, 8Uto64(t7), 0x401136:I64)
//        PUT(offset of RIP) = 0x40113A:I64
//
//   SFENCE, MFENCE: VEX's, with a call of ours before its memory bus event.  The tool could not
//     tell them from LFENCE later: all three reach it as the same Imbe_Fence.
//   Everything else: VEX's, bit for bit.
//
// Floor 4.  Tested in regtest/cases/flush.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/decode_guest.h"

#include "pmemcheck/base/check.h"
#include "pmemcheck/decode/persist_insn.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/ir.h"
#include "pmemcheck/valgrind/runtime.h"

namespace {

// What VEX's decoders return, by value.  Private to VEX; the same from 3.15 on.
struct DisResult {
  UInt length;     // bytes
  UInt what_next;  // of which we need only kContinue
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

// A flush reads the line as far as faults go: Intel SDM vol. 2A, CLWB, "is treated as a load".
void write_flush(IRSB* block, const PersistInsn& insn, Addr ip) {
  IrWriter ir(block);
  IRExpr* address = address_of(ir, insn.operand, ip + insn.length);
  IRExpr* read = ir.unop(Iop_8Uto64, Ity_I64, ir.load(Ity_I8, address));
  if (!command_line::options().isa_rec) {
    // The load alone would be dropped as dead code: something has to take its value.
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

}  // namespace

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
  PersistInsn insn;
  if (!decode_persist_insn(code + delta, &insn)) return decode_by_vex();

  switch (effect_of(insn.op)) {
  case PersistEffect::WeakFlush:
  case PersistEffect::StrongFlush: {
    const Addr next_rip = rip + insn.length;
    write_flush(block, insn, rip);
    addStmtToIRSB(block,
                  IRStmt_Put(offsetof(VexGuestAMD64State, guest_RIP), IrWriter::u64(next_rip)));
    return {insn.length, kContinue, kNoHint, static_cast<UInt>(Ijk_INVALID)};
  }
  case PersistEffect::Fence: {
    if (!command_line::options().isa_rec) return decode_by_vex();
    const Int ours = block->stmts_used;
    IrWriter(block).call("fence", runtime::fence, nullptr);
    const DisResult result = decode_by_vex();
    if (result.length == 0) block->stmts[ours] = IRStmt_NoOp();  // VEX refused it
    return result;
  }
  }
  PM_CHECK(!"an effect of persist_ops.def is not handled");
  return decode_by_vex();
}
