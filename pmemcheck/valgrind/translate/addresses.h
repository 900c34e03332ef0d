// addresses.h: of one superblock's temporaries, which are near each other.
//
// Structures, frames and unrolled loops give stores that are a constant away from one address.  The
// filter is asked once about that address, and one call can tell of several stores.
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
  // A temporary is its root and a distance: -kNear .. kNear, modulo 2^64.
  struct Place {
    IRTemp root = IRTemp_INVALID;
    ULong distance = 0;
  };

  explicit Addresses(const IRSB* block) {
    temps_.resize_at_least(static_cast<std::size_t>(block->tyenv->types_used));
    for (IRTemp t = 0; t < temps_.size(); t++) temps_[t].place.root = t;
  }

  // Call for each statement, in order.
  void note(const IRStmt* s) {
    if (s->tag == Ist_Put && s->Ist.Put.offset == kSp) sp_ = of(s->Ist.Put.data);
    if (s->tag != Ist_WrTmp) return;
    const IRExpr* value = s->Ist.WrTmp.data;
    if (value->tag == Iex_Get && value->Iex.Get.offset == kSp) {
      if (sp_.root == IRTemp_INVALID) sp_ = of(s->Ist.WrTmp.tmp);
      temps_[s->Ist.WrTmp.tmp].place = sp_;
    }
    if (value->tag == Iex_Binop) note_sum(s->Ist.WrTmp.tmp, value);
  }

  Place of(IRTemp t) const { return temps_[t].place; }
  // RETURNS: no root for a constant.
  Place of(const IRExpr* atom) const {
    return atom->tag == Iex_RdTmp ? of(atom->Iex.RdTmp.tmp) : Place();
  }
  // Where RSP is; no root if that is not known.
  Place sp() const { return sp_; }
  // What the filter says of the root, once it has been asked; null before.
  IRExpr*& answer(IRTemp root) { return temps_[root].answer; }

 private:
  static constexpr Int kSp = offsetof(VexGuestAMD64State, guest_RSP);
  struct Temp {
    Place place;
    IRExpr* answer = nullptr;
  };

  void note_sum(IRTemp t, const IRExpr* value) {
    const auto& sum = value->Iex.Binop;
    if ((sum.op != Iop_Add64 && sum.op != Iop_Sub64) || sum.arg1->tag != Iex_RdTmp ||
        sum.arg2->tag != Iex_Const)
      return;
    const Place base = of(sum.arg1->Iex.RdTmp.tmp);
    const ULong constant = sum.arg2->Iex.Const.con->Ico.U64;
    const ULong distance = base.distance + (sum.op == Iop_Add64 ? constant : -constant);
    if (distance + StoreFilter::kNear <= 2 * StoreFilter::kNear)
      temps_[t].place = Place{base.root, distance};
  }

  Vector<Temp> temps_;
  Place sp_;
};

}  // namespace pmemcheck
