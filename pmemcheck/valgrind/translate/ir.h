// ir.h: short names for writing VEX's intermediate representation.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// The IR of an argument, whatever the type of the parameter.
template <class Parameter>
using ArgumentFor = IRExpr*;

// Appends to one superblock.  Every value is an atom, which VEX requires of instrumented code.
class IrWriter {
 public:
  explicit IrWriter(IRSB* block) : block_(block) {}

  void add(IRStmt* statement) { addStmtToIRSB(block_, statement); }
  IRExpr* let(IRType type, IRExpr* value) {
    const IRTemp temp = newIRTemp(block_->tyenv, type);
    add(IRStmt_WrTmp(temp, value));
    return IRExpr_RdTmp(temp);
  }
  static IRExpr* u64(ULong value) { return IRExpr_Const(IRConst_U64(value)); }
  static IRExpr* u8(UInt value) { return IRExpr_Const(IRConst_U8(static_cast<UChar>(value))); }
  IRExpr* unop(IROp op, IRType type, IRExpr* a) { return let(type, IRExpr_Unop(op, a)); }
  IRExpr* binop(IROp op, IRType type, IRExpr* a, IRExpr* b) {
    return let(type, IRExpr_Binop(op, a, b));
  }
  IRExpr* add64(IRExpr* a, IRExpr* b) { return binop(Iop_Add64, Ity_I64, a, b); }
  IRExpr* load(IRType type, IRExpr* address) {
    return let(type, IRExpr_Load(Iend_LE, type, address));
  }
  IRExpr* get(IRType type, std::size_t offset) {
    return let(type, IRExpr_Get(static_cast<Int>(offset), type));
  }
  IRExpr* get64(std::size_t offset) { return get(Ity_I64, offset); }
  // RETURNS: a AND b, both conditions (Ity_I1).
  IRExpr* both(IRExpr* a, IRExpr* b) {
    IRExpr* wide =
        binop(Iop_And64, Ity_I64, unop(Iop_1Uto64, Ity_I64, a), unop(Iop_1Uto64, Ity_I64, b));
    return binop(Iop_CmpNE64, Ity_I1, wide, u64(0));
  }
  IRType type_of(const IRExpr* e) const {
    return typeOfIRExpr(block_->tyenv, const_cast<IRExpr*>(e));
  }

  // Adds a call of `function`, made if `guard` holds (null: always), with an argument for each of
  // its parameters.  RETURNS: the statement, so that its effects can be added.
  template <class... Parameters>
  IRDirty* call(const char* name, void (*function)(Parameters...), IRExpr* guard,
                ArgumentFor<Parameters>... arguments) {
    constexpr Int kInRegisters = 0;  // amd64 passes up to six in registers in any case
    IRDirty* dirty = unsafeIRDirty_0_N(kInRegisters, name, reinterpret_cast<void*>(function),
                                       vector_of(arguments...));
    if (guard != nullptr) dirty->guard = guard;
    add(IRStmt_Dirty(dirty));
    return dirty;
  }

  // States that the helper which `dirty` calls reads or writes eight bytes of the guest's state.
  static void touches(IRDirty* dirty, IREffect effect, std::size_t offset) {
    auto& state = dirty->fxState[dirty->nFxState++];
    VG_(memset)(&state, 0, sizeof state);
    state.fx = effect;
    state.offset = static_cast<UShort>(offset);
    state.size = 8;
  }
  // States that the helper which `dirty` calls unwinds the stack.
  static void reads_stack(IRDirty* dirty) {
    touches(dirty, Ifx_Read, offsetof(VexGuestAMD64State, guest_RIP));
    touches(dirty, Ifx_Read, offsetof(VexGuestAMD64State, guest_RSP));
    touches(dirty, Ifx_Read, offsetof(VexGuestAMD64State, guest_RBP));
  }

 private:
  static IRExpr** vector_of() { return mkIRExprVec_0(); }
  static IRExpr** vector_of(IRExpr* a) { return mkIRExprVec_1(a); }
  static IRExpr** vector_of(IRExpr* a, IRExpr* b) { return mkIRExprVec_2(a, b); }
  static IRExpr** vector_of(IRExpr* a, IRExpr* b, IRExpr* c) { return mkIRExprVec_3(a, b, c); }
  static IRExpr** vector_of(IRExpr* a, IRExpr* b, IRExpr* c, IRExpr* d) {
    return mkIRExprVec_4(a, b, c, d);
  }
  static IRExpr** vector_of(IRExpr* a, IRExpr* b, IRExpr* c, IRExpr* d, IRExpr* e) {
    return mkIRExprVec_5(a, b, c, d, e);
  }

  IRSB* block_;
};

// RETURNS: the offset of a general register.  They lie in the order of their encoding from RAX.
inline std::size_t register_offset(unsigned encoded) {
  return offsetof(VexGuestAMD64State, guest_RAX) + 8 * encoded;
}
static_assert(offsetof(VexGuestAMD64State, guest_R15) ==
                  offsetof(VexGuestAMD64State, guest_RAX) + 8 * 15,
              "register_offset() relies on this order");

}  // namespace pmemcheck
