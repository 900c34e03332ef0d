// addresses.h: finds the temporaries of a superblock that are a constant away from each other.
//
// Structures, frames and unrolled loops give stores that are a constant away from one address.  The
// filter is evaluated once for that address, and one call can report several stores.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/store_filter.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

class Addresses {
 public:
  // An address, as the distance from a root: -kNear .. kNear, modulo 2^64.
  struct Relative {
    IRTemp root = IRTemp_INVALID;
    ULong distance = 0;
  };

  explicit Addresses(const IRSB* block) {
    temps_.resize_at_least(static_cast<std::size_t>(block->tyenv->types_used));
    for (IRTemp t = 0; t < temps_.size(); t++) temps_[t].address.root = t;
  }

  // Call for each statement, in order.
  void note(const IRStmt* s) {
    if (s->tag == Ist_Put && s->Ist.Put.offset == kSp) sp_ = of(s->Ist.Put.data);
    if (s->tag != Ist_WrTmp) return;
    const IRExpr* value = s->Ist.WrTmp.data;
    if (value->tag == Iex_Get && value->Iex.Get.offset == kSp) {
      if (sp_.root == IRTemp_INVALID) sp_ = of(s->Ist.WrTmp.tmp);
      temps_[s->Ist.WrTmp.tmp].address = sp_;
    }
    if (value->tag == Iex_Binop) note_sum(s->Ist.WrTmp.tmp, value);
  }

  Relative of(IRTemp t) const { return temps_[t].address; }
  // RETURNS: an address without a root for a constant.
  Relative of(const IRExpr* atom) const {
    return atom->tag == Iex_RdTmp ? of(atom->Iex.RdTmp.tmp) : Relative();
  }
  // Where RSP points; without a root if that is unknown.
  Relative sp() const { return sp_; }
  // The condition that the filter gave for the root; null before it was evaluated.
  IRExpr*& answer(IRTemp root) { return temps_[root].answer; }

 private:
  static constexpr Int kSp = offsetof(VexGuestAMD64State, guest_RSP);
  struct Temp {
    Relative address;
    IRExpr* answer = nullptr;
  };

  void note_sum(IRTemp t, const IRExpr* value) {
    const auto& sum = value->Iex.Binop;
    if ((sum.op != Iop_Add64 && sum.op != Iop_Sub64) || sum.arg1->tag != Iex_RdTmp ||
        sum.arg2->tag != Iex_Const)
      return;
    const Relative base = of(sum.arg1->Iex.RdTmp.tmp);
    const ULong constant = sum.arg2->Iex.Const.con->Ico.U64;
    const ULong distance = base.distance + (sum.op == Iop_Add64 ? constant : -constant);
    if (distance + StoreFilter::kNear <= 2 * StoreFilter::kNear)
      temps_[t].address = Relative{base.root, distance};
  }

  Vector<Temp> temps_;
  Relative sp_;
};

}  // namespace pmemcheck
