// instrument.cpp: adds a call after every statement that can write persistent memory.
//
// Each such statement is followed by the filter, inline, and a call that the filter guards:
//
//        STle(t9) = t4                                the guest's store
//        t10 = Shr64(t9, 16:I8)
//        t11 = And64(t10, 0x1FFFFF:I64)
//        t12 = Add64(t11, table)
//        t13 = LDle:I8(t12)                           is the granule hot?  see StoreFilter
//        t14 = CmpNE8(t13, 0:I8)
//        DIRTY t14 ::: on_store{...}(GSPTR, t9, 0x8000000401136:I64)
//
// A volatile store runs the filter and nothing else.  Stores that are a constant away from one
// address share the filter for that address: t10 to t14 are computed once.  The call comes after
// the store, so a store that faults is never reported, and the stored value is in memory.
//
// A locked instruction is a compare-and-swap in IR, and a fence on the machine (Intel SDM vol. 2A,
// CLWB: "SFENCE, MFENCE, XCHG, or LOCK-prefixed instructions" order it).  VEX writes XCHG with
// memory in the same way.
//
// A mark precedes the statements of a non-temporal store: see decode_guest.h.  The mark is removed,
// and the stores that follow it in the same instruction call another function.
//
// Code is left unchanged as long as the program has had no persistent memory.  All translations are
// discarded when the first persistent memory appears.  That happens in a system call or a client
// request, so code that begins after one checks a flag:
//
//        t20 = LDle:I8(&g_has_old_code)
//        t21 = CmpNE8(t20, 0:I8)
//        PUT(offset of CMSTART) = 0:I64               all code
//        PUT(offset of CMLEN) = 0xFFFFFFFFFFFFFFFF:I64
//        DIRTY t21 ::: forget_old_code()
//        if (t21) goto {InvalICache} 0x401136:I64     continue here, in a new translation
//
// Floor 4.  Tested in regtest/cases/store, regtest/cases/fence and regtest/cases/mapping.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/translate/instrument.h"

#include <algorithm>
#include <new>
#include <string_view>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/model/store_filter.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/runtime.h"
#include "pmemcheck/valgrind/translate/addresses.h"
#include "pmemcheck/valgrind/translate/decode_guest.h"
#include "pmemcheck/valgrind/translate/fence_call.h"
#include "pmemcheck/valgrind/translate/ir.h"
#include "pmemcheck/valgrind/translate/watching.h"

namespace pmemcheck {

namespace {

// ---- old code -----------------------------------------------------------------------------------

// RETURNS: whether a system call or a client request may end just before `begin`.  Reads no byte of
// another page.
bool begins_after_call(Addr begin) {
  constexpr std::string_view kSyscall = "\x0f\x05";
  constexpr std::string_view kRequest = "\x48\x87\xdb";  // XCHG RBX,RBX: valgrind.h
  if (begin % VKI_PAGE_SIZE < kRequest.size()) return true;
  const std::string_view before(reinterpret_cast<const char*>(begin) - kRequest.size(),
                                kRequest.size());
  return before == kRequest || before.ends_with(kSyscall);
}

void write_old_code_check(IrWriter ir, Addr begin) {
  IRExpr* flag = ir.load(Ity_I8, ir.u64(reinterpret_cast<Addr>(&g_has_old_code)));
  IRExpr* has_old_code = ir.binop(Iop_CmpNE8, Ity_I1, flag, ir.u8(0));
  ir.add(IRStmt_Put(offsetof(VexGuestAMD64State, guest_CMSTART), ir.u64(0)));
  ir.add(IRStmt_Put(offsetof(VexGuestAMD64State, guest_CMLEN), ir.u64(~ULong{0})));
  ir.call("forget_old_code", forget_old_code, has_old_code);
  ir.add(IRStmt_Exit(has_old_code, Ijk_InvalICache, IRConst_U64(begin),
                     offsetof(VexGuestAMD64State, guest_RIP)));
}

// ---- CPUID --------------------------------------------------------------------------------------

// VEX hides CLFLUSHOPT and CLWB, which we execute: leaf 7, subleaf 0, EBX bits 23 and 24 (Intel SDM
// vol. 2A, CPUID).  Other leaves stay as they are: the dynamic loader reads them too.
void show_flushes(VexGuestAMD64State* state, UWord leaf, UWord subleaf) {
  constexpr ULong kClflushopt = 1u << 23;
  constexpr ULong kClwb = 1u << 24;
  if (static_cast<UInt>(leaf) != 7 || static_cast<UInt>(subleaf) != 0) return;
  state->guest_RBX &= ~(kClflushopt | kClwb);
  switch (command_line::options().cpu_flush) {
  case CpuFlush::clflush: return;
  case CpuFlush::clflushopt: state->guest_RBX |= kClflushopt; return;
  case CpuFlush::clwb: state->guest_RBX |= kClflushopt | kClwb; return;
  }
}

bool is_cpuid(const IRStmt* s) {
  constexpr char kHelper[] = "amd64g_dirtyhelper_CPUID";
  return s->tag == Ist_Dirty &&
         VG_(strncmp)(s->Ist.Dirty.details->cee->name, kHelper, sizeof kHelper - 1) == 0;
}

// ---- runs of stores -----------------------------------------------------------------------------

// Runs by the address of their first store, so that code which is translated again reuses its run.
constinit HashMap<runtime::KnownRun*>* g_runs = nullptr;

// RETURNS: a copy of `run` that is never released, for generated code to refer to.
const runtime::KnownRun* lasting(const StoreRun& run) {
  using runtime::KnownRun;
  if (g_runs == nullptr)
    g_runs = ::new (host_allocate(sizeof *g_runs, "runs of stores")) HashMap<KnownRun*>;
  KnownRun*& known = g_runs->get(run.stores[0].site.ip());
  if (known == nullptr || known->run != run)
    known = ::new (host_allocate(sizeof *known, "run of stores")) KnownRun{run, {}};
  return known;
}

// RETURNS: whether the statement writes the 64-bit register at `offset`.
bool puts(const IRStmt* s, Int offset) {
  return s->tag == Ist_Put && s->Ist.Put.offset == offset;
}

// RETURNS: whether the operation faults for some operands.
bool may_fault(IROp op) {
  switch (op) {
  case Iop_DivModU64to32:
  case Iop_DivModS64to32:
  case Iop_DivModU128to64:
  case Iop_DivModS128to64: return true;
  default: return false;
  }
}

// ---- one superblock -----------------------------------------------------------------------------

class Instrumenter {
 public:
  explicit Instrumenter(IRSB* out) : ir_(out), addresses_(out) {}
  // Adds code that counts the superblock.  Call first.
  void count();
  // Copies a statement to the output, with the code that it needs around it.
  void pass(IRStmt* s);
  // Adds the call for the stores that are waiting for one.  Call last.
  void end_run();

 private:
  void pass_cpuid(IRStmt* s);
  void watch_swap(const IRCAS* cas);
  void watch_helper(const IRDirty* dirty);
  // Reports `size` bytes stored at `address`, if `condition` holds (null: always).
  void watch_store(IRExpr* address, Int size, IRExpr* condition);
  void watch_store_of(IRExpr* address, const IRExpr* data, IRExpr* condition) {
    watch_store(address, sizeofIRType(ir_.type_of(data)), condition);
  }
  // Delays the call for a store until the end of a run of nearby stores.  RETURNS: false if the
  // store cannot be part of a run.
  bool put_off(IRExpr* address, UWord size);
  // RETURNS: whether a store that comes next can become part of the run.
  bool joins_run(const IRExpr* address, UWord size) const;
  // RSP is about to change but stays near the run's stores.
  void move_sp();
  StoreKind kind_of_store() const {
    return nt_bytes_ == nullptr ? StoreKind::Ordinary : StoreKind::NonTemporal;
  }
  // RETURNS: whether the instruction stores every byte that its IR statements store.
  bool stores_all_bytes() const {
    return nt_bytes_ == nullptr ||
           (nt_bytes_->tag == Iex_Const && nt_bytes_->Iex.Const.con->Ico.U64 == kAllBytes);
  }
  // RETURNS: whether the stores of the run have to be reported before `s`.
  bool ends_run(const IRStmt* s) const;
  // RETURNS: a condition that holds if a store at `address` may reach persistent memory.
  IRExpr* may_be_persistent(IRExpr* address);
  // RETURNS: a condition that holds if a store at `address` or near it may.
  IRExpr* is_hot(IRExpr* address);
  // RETURNS: a condition that holds if two integers of the same width are equal.
  IRExpr* equal(IRExpr* a, IRExpr* b);

  IrWriter ir_;
  Addresses addresses_;
  StoreRun run_;                // the stores that wait for their call
  IRExpr* first_ = nullptr;     // the address of the first one
  IRTemp root_ = 0;             // the address that all of them are near
  Addr ip_ = 0;                 // the guest instruction that the statements belong to
  IRExpr* nt_bytes_ = nullptr;  // the argument of its mark, if it stores non-temporally
};

// RETURNS: whether the statement never writes memory and can be copied unexamined.
bool writes_no_memory(const IRStmt* s) {
  switch (s->tag) {
  case Ist_NoOp:
  case Ist_IMark:
  case Ist_AbiHint:
  case Ist_Put:
  case Ist_PutI:
  case Ist_WrTmp:
  case Ist_LoadG:
  case Ist_MBE:
  case Ist_Exit: return true;
  default: return false;
  }
}

// RETURNS: whether the statement is neither CPUID nor a mark, which always need handling.
bool calls_no_helper(const IRStmt* s) {
  return s->tag != Ist_Dirty;
}

void Instrumenter::count() {
  IRExpr* counter = ir_.u64(reinterpret_cast<Addr>(&run::g_superblocks));
  IRExpr* count = ir_.add64(ir_.load(Ity_I64, counter), ir_.u64(1));
  ir_.add(IRStmt_Store(Iend_LE, counter, count));
}

// A statement of an unknown kind may write memory, so it must not be ignored.
[[noreturn]] void stop_at_unknown(IRStmtTag tag) {
  const auto kind = static_cast<UInt>(tag);
  VG_(printf)("pmemcheck: this Valgrind has an IR statement of kind 0x%x, which is new\n", kind);
  VG_(tool_panic)("pmemcheck has to be built for this Valgrind");
}

void Instrumenter::pass(IRStmt* s) {
  if (run_.count > 0 && ends_run(s)) end_run();
  if (puts(s, offsetof(VexGuestAMD64State, guest_RSP))) move_sp();
  addresses_.note(s);
  switch (s->tag) {
  case Ist_NoOp: return;
  case Ist_IMark:
    ip_ = s->Ist.IMark.addr + s->Ist.IMark.delta;
    nt_bytes_ = nullptr;
    break;
  case Ist_AbiHint:
  case Ist_Put:
  case Ist_PutI:
  case Ist_WrTmp:
  case Ist_LoadG:
  case Ist_MBE:  // fences: see decode_guest.cpp
  case Ist_Exit: break;
  case Ist_Store:
    ir_.add(s);
    watch_store_of(s->Ist.Store.addr, s->Ist.Store.data, nullptr);
    return;
  case Ist_StoreG: {
    const IRStoreG* store = s->Ist.StoreG.details;
    ir_.add(s);
    watch_store_of(store->addr, store->data, store->guard);
    return;
  }
  case Ist_CAS:
    ir_.add(s);
    watch_swap(s->Ist.CAS.details);
    return;
  case Ist_LLSC:
    ir_.add(s);
    if (s->Ist.LLSC.storedata != nullptr)  // the store-conditional: its result says whether
      watch_store_of(s->Ist.LLSC.addr, s->Ist.LLSC.storedata, IRExpr_RdTmp(s->Ist.LLSC.result));
    return;
  case Ist_Dirty:
    if (is_nt_mark(s->Ist.Dirty.details)) {
      nt_bytes_ = s->Ist.Dirty.details->args[0];
    } else if (is_cpuid(s)) {
      pass_cpuid(s);
    } else {
      ir_.add(s);
      watch_helper(s->Ist.Dirty.details);
    }
    return;
  default: stop_at_unknown(s->tag);
  }
  ir_.add(s);
}

// Helpers of VEX that write memory: FXSAVE, XSAVE, x87's 80-bit stores, ...
void Instrumenter::watch_helper(const IRDirty* dirty) {
  switch (dirty->mFx) {
  case Ifx_None:
  case Ifx_Read: return;
  case Ifx_Write:
  case Ifx_Modify: watch_store(dirty->mAddr, dirty->mSize, dirty->guard); return;
  }
}

// A compare-and-swap, of one element or of two side by side, stores only if it succeeds.
void Instrumenter::watch_swap(const IRCAS* cas) {
  IRExpr* stored = equal(IRExpr_RdTmp(cas->oldLo), cas->expdLo);
  Int size = sizeofIRType(ir_.type_of(cas->dataLo));
  if (cas->dataHi != nullptr) {
    stored = ir_.both(stored, equal(IRExpr_RdTmp(cas->oldHi), cas->expdHi));
    size *= 2;
  }
  if (command_line::options().isa_rec) write_fence_call(ir_, ip_, events::FenceBy::Lock);
  watch_store(cas->addr, size, stored);
}

IRExpr* Instrumenter::equal(IRExpr* a, IRExpr* b) {
  switch (ir_.type_of(a)) {
  case Ity_I8: return ir_.binop(Iop_CmpEQ8, Ity_I1, a, b);
  case Ity_I16: return ir_.binop(Iop_CmpEQ16, Ity_I1, a, b);
  case Ity_I32: return ir_.binop(Iop_CmpEQ32, Ity_I1, a, b);
  case Ity_I64: return ir_.binop(Iop_CmpEQ64, Ity_I1, a, b);
  default: VG_(tool_panic)("a compare-and-swap of a width that amd64 does not have");
  }
}

void Instrumenter::watch_store(IRExpr* address, Int size, IRExpr* condition) {
  const auto bytes = static_cast<UWord>(size);
  if (condition == nullptr && put_off(address, bytes)) return;
  IRExpr* guard = may_be_persistent(address);
  if (condition != nullptr) guard = ir_.both(guard, condition);
  IRExpr* site = ir_.u64(StoreSite(ip_, bytes).bits());
  IRDirty* call = nullptr;
  if (nt_bytes_ == nullptr)
    call = ir_.call("on_store", runtime::on_store, guard, IRExpr_GSPTR(), address, site);
  else if (stores_all_bytes())
    call = ir_.call("on_nt_store", runtime::on_nt_store, guard, IRExpr_GSPTR(), address, site);
  else
    call = ir_.call("on_masked_nt_store", runtime::on_masked_nt_store, guard, IRExpr_GSPTR(),
                    address, ir_.u64(bytes), nt_bytes_, ir_.u64(ip_));
  ir_.reads_stack(call);
}

bool Instrumenter::put_off(IRExpr* address, UWord size) {
  if (are_stores_reported_singly() || address->tag != Iex_RdTmp || !stores_all_bytes())
    return false;
  const auto [root, distance] = addresses_.of(address);
  if (run_.count == 0) {
    root_ = root;
    first_ = address;
    run_.kind = kind_of_store();
  }
  const ULong sp = run_.moves_sp ? addresses_.sp().distance : 0;
  run_.stores[run_.count++] = {StoreSite(ip_, size), distance, sp};
  return true;
}

bool Instrumenter::joins_run(const IRExpr* address, UWord size) const {
  if (run_.count == StoreRun::kMost || address->tag != Iex_RdTmp || !stores_all_bytes() ||
      kind_of_store() != run_.kind)
    return false;
  const auto [root, distance] = addresses_.of(address);
  if (root != root_) return false;
  // If a byte were stored to twice, its first value would be lost before the run is reported.
  for (UInt i = 0; i < run_.count; i++) {
    const StoreRun::Store& earlier = run_.stores[i];
    if (distance - earlier.distance < earlier.site.size() || earlier.distance - distance < size)
      return false;
  }
  return true;
}

void Instrumenter::move_sp() {
  if (run_.count == 0 || run_.moves_sp) return;
  run_.moves_sp = true;
  for (UInt i = 0; i < run_.count; i++) run_.stores[i].sp = addresses_.sp().distance;
}

bool Instrumenter::ends_run(const IRStmt* s) const {
  switch (s->tag) {
  case Ist_NoOp:
  case Ist_IMark:
  case Ist_AbiHint:
  case Ist_PutI: return false;  // writes no register that unwinding needs
  case Ist_Put:
    if (puts(s, offsetof(VexGuestAMD64State, guest_RBP))) return true;
    return puts(s, offsetof(VexGuestAMD64State, guest_RSP)) &&
           (addresses_.sp().root != root_ || addresses_.of(s->Ist.Put.data).root != root_);
  case Ist_Store:
    return !joins_run(s->Ist.Store.addr,
                      static_cast<UWord>(sizeofIRType(ir_.type_of(s->Ist.Store.data))));
  case Ist_WrTmp: {
    const IRExpr* value = s->Ist.WrTmp.data;
    return value->tag == Iex_Load || (value->tag == Iex_Binop && may_fault(value->Iex.Binop.op));
  }
  case Ist_Dirty: return !is_nt_mark(s->Ist.Dirty.details);
  default: return true;
  }
}

void Instrumenter::end_run() {
  if (run_.count == 0) return;
  const StoreRun run = run_;
  run_ = StoreRun();
  IRExpr* guard = may_be_persistent(first_);
  IRDirty* call = nullptr;
  if (run.count > 1) {
    call = ir_.call("on_stores", runtime::on_stores, guard, IRExpr_GSPTR(), IRExpr_RdTmp(root_),
                    ir_.u64(reinterpret_cast<Addr>(lasting(run))));
  } else {
    const bool is_nt = run.kind == StoreKind::NonTemporal;
    call = ir_.call(is_nt ? "on_nt_store" : "on_store",
                    is_nt ? runtime::on_nt_store : runtime::on_store, guard, IRExpr_GSPTR(), first_,
                    ir_.u64(run.stores[0].site.bits()));
  }
  ir_.reads_stack(call);
}

IRExpr* Instrumenter::may_be_persistent(IRExpr* address) {
  if (address->tag != Iex_RdTmp) return is_hot(address);
  const IRTemp root = addresses_.of(address).root;
  IRExpr*& answer = addresses_.answer(root);
  if (answer == nullptr) answer = is_hot(IRExpr_RdTmp(root));
  return answer;
}

IRExpr* Instrumenter::is_hot(IRExpr* address) {
  IRExpr* granule = ir_.binop(Iop_Shr64, Ity_I64, address, ir_.u8(StoreFilter::kGranuleShift));
  IRExpr* slot = ir_.binop(Iop_And64, Ity_I64, granule, ir_.u64(StoreFilter::kSlots - 1));
  IRExpr* entry = ir_.add64(slot, ir_.u64(reinterpret_cast<Addr>(run::filter_table())));
  return ir_.binop(Iop_CmpNE8, Ity_I1, ir_.load(Ity_I8, entry), ir_.u8(0));
}

void Instrumenter::pass_cpuid(IRStmt* s) {
  IRExpr* leaf = ir_.get64(offsetof(VexGuestAMD64State, guest_RAX));
  IRExpr* subleaf = ir_.get64(offsetof(VexGuestAMD64State, guest_RCX));
  ir_.add(s);
  IRDirty* call = ir_.call("show_flushes", show_flushes, nullptr, IRExpr_GSPTR(), leaf, subleaf);
  ir_.touches(call, Ifx_Modify, offsetof(VexGuestAMD64State, guest_RBX));
}

}  // namespace

IRSB* instrument(VgCallbackClosure*, IRSB* in, const VexGuestLayout*,
                 const VexGuestExtents* extents, const VexArchInfo*, IRType guest_word,
                 IRType host_word) {
  if (guest_word != Ity_I64 || host_word != Ity_I64)
    VG_(tool_panic)("pmemcheck watches 64-bit programs only");
  PM_CHECK(decoder_is_wrapped());  // otherwise no flush is seen: see decode_guest.cpp
  const bool counts = command_line::options().indiff > 0;
  const bool asks = begins_after_call(extents->base[0]);
  const auto passes = are_stores_watched() ? writes_no_memory : calls_no_helper;
  if (!counts && !asks && std::all_of(in->stmts, in->stmts + in->stmts_used, passes)) return in;
  IRSB* out = deepCopyIRSBExceptStmts(in);
  Instrumenter instrumenter(out);
  if (asks) write_old_code_check(IrWriter(out), extents->base[0]);
  if (counts) instrumenter.count();
  for (Int i = 0; i < in->stmts_used; i++) instrumenter.pass(in->stmts[i]);
  instrumenter.end_run();
  return out;
}

}  // namespace pmemcheck
