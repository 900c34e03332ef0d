// test_nt_store.cpp: the decoder of non-temporal stores is compared with the assembler (forms.inc,
// which forms.py writes), and tested on similar instructions and at the edge of mapped memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/nt_store.h"

#include <algorithm>
#include <random>
#include <set>

#include "pmemcheck/decode/persist_insn.h"
#include "tests/decode/decoder_test.h"
#include "tests/decode/guest_bytes.h"
#include "tests/unit.h"

namespace {

using namespace pmemcheck;
using pmemcheck::test::Bytes;
using pmemcheck::test::joined;
using pmemcheck::test::one_of;
using pmemcheck::test::PageEnd;

using Decoder = pmemcheck::test::DecoderTest<NtStore, decode_nt_store>;
using Form = Decoder::Form;

#define PM_FORMS_OF_NT_STORE
#include "tests/decode/forms.inc"

constexpr auto assert_refused = Decoder::assert_refused;
constexpr auto decoded = Decoder::decoded;

// Each instruction once, with the operand (RBX) or with mask register 3.
const Bytes kOnce[] = {
    {0x0f, 0xc3, 0x03},              // MOVNTI
    {0x0f, 0xe7, 0x03},              // MOVNTQ
    {0x66, 0x0f, 0xe7, 0x03},        // MOVNTDQ
    {0x0f, 0x2b, 0x03},              // MOVNTPS
    {0x66, 0x0f, 0x2b, 0x03},        // MOVNTPD
    {0x0f, 0xf7, 0xc3},              // MASKMOVQ
    {0x66, 0x0f, 0xf7, 0xc3},        // MASKMOVDQU
    {0x0f, 0x38, 0xf9, 0x03},        // MOVDIRI
    {0x66, 0x0f, 0x38, 0xf8, 0x03},  // MOVDIR64B
    {0xc5, 0xf9, 0xe7, 0x03},        // VMOVNTDQ
    {0xc5, 0xf8, 0x2b, 0x03},        // VMOVNTPS
    {0xc5, 0xf9, 0x2b, 0x03},        // VMOVNTPD
    {0xc5, 0xf9, 0xf7, 0xc3},        // VMASKMOVDQU
};

UNIT_TEST(every_nt_store_decodes_as_the_assembler_encoded_it) {
  Decoder::assert_decodes_as_assembled(kForms, kRegisters);
}

UNIT_TEST(every_row_of_nt_stores_has_a_form) {
  std::set<NtStoreOp> seen;
  for (const Form& form : kForms) seen.insert(form.expected.op);
  constexpr NtStoreOp kAll[] = {
#define PM_NT_STORE(name, has66, map, opcode, operand_form, encoding, width, kind) NtStoreOp::name,
#include "pmemcheck/tables/nt_stores.def"
#undef PM_NT_STORE
  };
  assert_true(std::equal(seen.begin(), seen.end(), std::begin(kAll), std::end(kAll)));
}

UNIT_TEST(no_nt_store_is_read_beyond_its_last_byte) {
  Decoder::assert_reads_no_further_than_the_last_byte(kForms);
}

UNIT_TEST(names_and_kinds_of_nt_stores_come_from_the_list) {
  assert_string_equal(name_of(NtStoreOp::movnti), "movnti");
  assert_string_equal(name_of(NtStoreOp::movdir64b), "movdir64b");
  assert_true(kind_of(NtStoreOp::movntdq) == NtStoreKind::Plain);
  assert_true(kind_of(NtStoreOp::maskmovq) == NtStoreKind::MaskedMmx);
  assert_true(kind_of(NtStoreOp::maskmovdqu) == NtStoreKind::MaskedXmm);
  assert_true(kind_of(NtStoreOp::movdiri) == NtStoreKind::Direct);
  assert_true(kind_of(NtStoreOp::movdir64b) == NtStoreKind::Direct64);
}

// Each row ends with the byte that shows that the instruction is not ours.
UNIT_TEST(instructions_similar_to_nt_stores_are_refused_at_the_first_deciding_byte) {
  const Bytes refused[] = {
      {0x90},                          // NOP
      {0x48, 0x89},                    // MOV
      {0x62},                          // EVEX prefix
      {0xd5},                          // REX2 prefix
      {0x8f},                          // XOP prefix, and POP
      {0xf0},                          // LOCK ...
      {0xf2},                          // MOVNTSD, ENQCMD
      {0xf3},                          // MOVNTSS, ENQCMDS
      {0x66, 0xf2},                    // MOVNTSD, ENQCMD after 66
      {0x0f, 0x05},                    // SYSCALL
      {0x0f, 0x29},                    // MOVAPS
      {0x0f, 0xae},                    // CLFLUSH and more
      {0x66, 0x0f, 0xc3},              // 66 makes MOVNTI invalid
      {0x66, 0x48, 0x0f, 0xc3},        // 66 makes MOVNTI invalid, also with REX.W
      {0x66, 0x0f, 0x7f},              // MOVDQA
      {0x0f, 0x3a},                    // map 0F 3A
      {0x66, 0x0f, 0x38, 0x2a},        // MOVNTDQA
      {0x66, 0x0f, 0x38, 0xf9},        // MOVDIRI has no 66
      {0x0f, 0x38, 0xf8},              // MOVDIR64B needs 66
      {0x0f, 0x38, 0xf6},              // WRSS
      {0x0f, 0x38, 0x2b},              // not the map of MOVNTPS
      {0x0f, 0xf9},                    // PSUBW: not the map of MOVDIRI
      {0x66, 0x0f, 0xf8},              // PSUBB: not the map of MOVDIR64B
      {0x64, 0x65},                    // two segments
      {0xc5, 0xfa},                    // pp is F3
      {0xc5, 0xfb},                    // pp is F2
      {0xc5, 0xf1},                    // vvvv is not 1111b
      {0xc5, 0xb9},                    // vvvv is not 1111b: one bit is 0
      {0xc5, 0xf8, 0xc3},              // MOVNTI and MOVNTQ have no VEX form
      {0xc5, 0xf8, 0xe7},              //
      {0xc5, 0xf8, 0xf7},              // MASKMOVQ has no VEX form
      {0xc5, 0xfd, 0xf7},              // VMASKMOVDQU with L
      {0xc5, 0xf8, 0x29},              // VMOVAPS
      {0xc5, 0xf8, 0x38},              // after a VEX prefix 38 is no escape
      {0xc5, 0xf8, 0xae},              // VLDMXCSR
      {0xc4, 0xe2},                    // map 0F38: VMOVNTDQA
      {0xc4, 0xe0},                    // map 0
      {0xc4, 0xf1},                    // a reserved bit of the map
      {0xc4, 0xe1, 0x71},              // vvvv is not 1111b
      {0xc4, 0xe1, 0x7a},              // pp is F3
      {0xc4, 0xe1, 0x7d, 0xf7},        // VMASKMOVDQU with L
      {0xc4, 0xe1, 0xf8, 0xc3},        // MOVNTI has no VEX form, even with W
      {0x0f, 0xc3, 0xc3},              // register operands
      {0x0f, 0xe7, 0xc3},              //
      {0x66, 0x0f, 0xe7, 0xc3},        //
      {0x0f, 0x2b, 0xff},              //
      {0x66, 0x0f, 0x2b, 0xc0},        //
      {0x0f, 0x38, 0xf9, 0xc3},        //
      {0x66, 0x0f, 0x38, 0xf8, 0xc3},  // URDMSR has this form with F2
      {0xc5, 0xf9, 0xe7, 0xc3},        //
      {0xc5, 0xfc, 0x2b, 0xc3},        //
      {0x0f, 0xf7, 0x03},              // memory operands
      {0x66, 0x0f, 0xf7, 0x45},        //
      {0xc5, 0xf9, 0xf7, 0x84},        //
  };
  for (const Bytes& bytes : refused) assert_refused(bytes);
}

UNIT_TEST(lock_and_repeat_prefixes_make_an_nt_store_something_else) {
  for (const Bytes& insn : kOnce) {
    decoded(insn);
    for (const std::uint8_t prefix : Bytes{0xf0, 0xf2, 0xf3}) {
      assert_refused(joined({prefix}, insn));
      assert_refused(joined({0x67, prefix}, insn));
    }
    // Also after 66, which ENQCMD and MOVNTSD ignore.
    if (insn[0] == 0x66) {
      Bytes inner = insn;
      inner.insert(inner.begin() + 1, 0xf2);
      assert_refused(inner);
    }
  }
}

UNIT_TEST(an_nt_store_with_66_or_rex_before_its_vex_prefix_is_left_to_vex) {
  for (const Bytes& insn : kOnce) {
    if (insn[0] != 0xc5) continue;
    const Bytes long_form = {0xc4, static_cast<std::uint8_t>(0x61 | (insn[1] & 0x80)),
                             static_cast<std::uint8_t>(insn[1] & 0x7f), insn[2], insn[3]};
    assert_true(decoded(long_form).op == decoded(insn).op);
    for (const Bytes& tail : {insn, long_form}) {
      for (const std::uint8_t prefix : Bytes{0x66, 0x40, 0x48, 0x4f}) {
        assert_refused(joined({prefix}, tail));
        assert_refused(joined({prefix, 0x2e}, tail));
        assert_refused(joined({0x2e, prefix}, tail));
      }
      for (const std::uint8_t prefix : Bytes{0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x67}) {
        assert_true(decoded(joined({prefix}, tail)).op == decoded(insn).op);
      }
    }
  }
}

UNIT_TEST(every_vex_prefix_of_an_nt_store_means_what_its_fields_say) {
  for (unsigned second = 0; second < 256; second++) {
    const Bytes bytes = {0xc5, static_cast<std::uint8_t>(second), 0x2b, 0x03};
    NtStore store;
    // vvvv is 1111b and pp none or 66; R and L are free.
    const bool is_ours = (second & 0x7a) == 0x78;
    assert_true(decode_nt_store(bytes.data(), &store) == is_ours);
    if (!is_ours) continue;
    assert_true(store.op == (second & 1 ? NtStoreOp::movntpd : NtStoreOp::movntps));
    assert_int_equal(store.size, second & 4 ? 32 : 16);
    assert_true(store.operand == MemoryOperand{.base = 3});
  }
  for (unsigned fields = 0; fields < 65536; fields++) {
    const unsigned second = fields >> 8, third = fields & 0xff;
    const Bytes bytes = {
        0xc4, static_cast<std::uint8_t>(second), static_cast<std::uint8_t>(third), 0x2b, 0x0c,
        0x8b};
    NtStore store;
    const bool is_ours = (second & 0x1f) == 1 && (third & 0x7a) == 0x78;  // R, X, B, W, L are free
    assert_true(decode_nt_store(bytes.data(), &store) == is_ours);
    if (!is_ours) continue;
    const MemoryOperand operand = {.base = static_cast<std::uint8_t>(second & 0x20 ? 3 : 11),
                                   .index = static_cast<std::uint8_t>(second & 0x40 ? 1 : 9),
                                   .scale_shift = 2};
    assert_true(store.operand == operand);
    assert_int_equal(store.size, third & 4 ? 32 : 16);
  }
}

UNIT_TEST(the_size_of_an_nt_store_is_that_of_its_register) {
  assert_int_equal(decoded({0x0f, 0xc3, 0x03}).size, 4);
  assert_int_equal(decoded({0x48, 0x0f, 0xc3, 0x03}).size, 8);
  assert_int_equal(decoded({0x0f, 0x38, 0xf9, 0x03}).size, 4);
  assert_int_equal(decoded({0x48, 0x0f, 0x38, 0xf9, 0x03}).size, 8);
  assert_int_equal(decoded({0x48, 0x66, 0x0f, 0x38, 0xf8, 0x03}).size, 64);
  assert_int_equal(decoded({0x48, 0x2e, 0x0f, 0xc3, 0x03}).size, 4);  // a REX that is ignored
  // REX.W does not widen other stores.
  assert_int_equal(decoded({0x48, 0x0f, 0xe7, 0x03}).size, 8);
  assert_int_equal(decoded({0x66, 0x48, 0x0f, 0xe7, 0x03}).size, 16);
  assert_int_equal(decoded({0x66, 0x48, 0x0f, 0x38, 0xf8, 0x03}).size, 64);
  assert_int_equal(decoded({0xc4, 0xe1, 0xf9, 0xe7, 0x03}).size, 16);
  assert_int_equal(decoded({0xc4, 0xe1, 0xfd, 0xe7, 0x03}).size, 32);
}

UNIT_TEST(rex_b_widens_the_mask_register_of_an_nt_store_unless_that_is_mmx) {
  for (unsigned bits = 0; bits < 16; bits++) {
    const auto rex = static_cast<std::uint8_t>(0x40 | bits);
    assert_int_equal(decoded({rex, 0x0f, 0xf7, 0xcb}).reg, 3);
    assert_int_equal(decoded({0x66, rex, 0x0f, 0xf7, 0xcb}).reg, bits & 1 ? 11 : 3);
  }
  assert_int_equal(decoded({0xc4, 0xe1, 0x79, 0xf7, 0xcb}).reg, 3);
  assert_int_equal(decoded({0xc4, 0xc1, 0x79, 0xf7, 0xcb}).reg, 11);
  assert_int_equal(decoded({0xc4, 0x01, 0xf9, 0xf7, 0xcb}).reg, 11);
  assert_int_equal(decoded({0xc4, 0x21, 0xf9, 0xf7, 0xcb}).reg, 3);
}

UNIT_TEST(rex_r_widens_the_register_of_a_direct_nt_store) {
  for (unsigned bits = 0; bits < 16; bits++) {
    const auto rex = static_cast<std::uint8_t>(0x40 | bits);
    const NtStore movdiri = decoded({rex, 0x0f, 0x38, 0xf9, 0x0b});
    const NtStore movdir64b = decoded({0x66, rex, 0x0f, 0x38, 0xf8, 0x0b});
    for (const NtStore& store : {movdiri, movdir64b}) {
      assert_int_equal(store.reg, bits & 4 ? 9 : 1);
      assert_int_equal(store.operand.base, bits & 1 ? 11 : 3);
    }
  }
}

UNIT_TEST(the_order_of_prefixes_of_an_nt_store_does_not_matter) {
  Decoder::assert_order_of_prefixes_does_not_matter({0x0f, 0x38, 0xf8, 0x31});
}

UNIT_TEST(nt_stores_of_fifteen_bytes_are_accepted_and_of_sixteen_refused) {
  // What follows the prefixes, and how many of its bytes determine its length.
  const struct {
    Bytes tail;
    std::size_t deciding;
  } cases[] = {
      {{0x0f, 0xc3, 0x03}, 0},                                // (rbx)
      {{0x0f, 0xf7, 0xc3}, 0},                                // registers
      {{0x0f, 0xe7, 0x43, 1}, 3},                             // 1(rbx)
      {{0x0f, 0x2b, 0x0c, 0x08}, 3},                          // (rax,rcx)
      {{0x0f, 0xc3, 0x0c, 0x25, 1, 2, 3, 4}, 4},              // disp32
      {{0x0f, 0x38, 0xf9, 0x03}, 2},                          // (rbx)
      {{0x0f, 0x38, 0xf9, 0x43, 1}, 4},                       // 1(rbx)
      {{0x0f, 0x38, 0xf9, 0x0d, 1, 2, 3, 4}, 4},              // disp32(rip)
      {{0x0f, 0x38, 0xf9, 0x8c, 0x08, 1, 2, 3, 4}, 4},        // disp32(rax,rcx)
      {{0x0f, 0x38, 0xf9, 0x0c, 0x25, 1, 2, 3, 4}, 5},        // disp32
      {{0xc5, 0xf8, 0x2b, 0x03}, 1},                          // (rbx)
      {{0xc5, 0xf9, 0xf7, 0xc3}, 1},                          // registers
      {{0xc5, 0xf8, 0x2b, 0x83, 1, 2, 3, 4}, 4},              // disp32(rbx)
      {{0xc4, 0xe1, 0x78, 0x2b, 0x03}, 1},                    // (rbx)
      {{0xc4, 0xe1, 0x78, 0x2b, 0x0c, 0x25, 1, 2, 3, 4}, 6},  // disp32
  };
  for (const auto& [tail, deciding] : cases) Decoder::assert_longest_has_15_bytes(tail, deciding);
  // Two prefixes too many for a C4 prefix.
  assert_refused(joined(Bytes(12, 0x2e), {0xc4}));
  assert_refused(Bytes(13, 0x66));
}

// Fifteen random bytes at the end of mapped memory, most of them values that the decoder
// distinguishes.
UNIT_TEST(random_bytes_decode_as_one_nt_store_and_never_as_a_flush_as_well) {
  constexpr std::uint8_t kPrefixes[] = {0x66, 0x66, 0x67, 0x2e, 0x64, 0x65, 0x48, 0x41, 0x4f, 0xf3};
  constexpr std::uint8_t kFirst[] = {0x0f, 0x0f, 0xc4, 0xc5, 0x62};
  constexpr std::uint8_t kLikely[] = {0x38, 0xf9, 0xf8, 0xc3, 0xe7, 0x2b, 0xf7, 0xae, 0xe1, 0x79};
  std::mt19937_64 random(20);
  PageEnd edge;
  unsigned taken = 0, persist = 0;
  for (unsigned round = 0; round < 1'000'000; round++) {
    std::uint8_t bytes[kMaxInsnBytes];
    const std::uint64_t shape = random();
    const std::size_t prefixes = shape % 4 != 0 ? shape / 4 % 4 : shape / 4 % 13;
    for (std::size_t i = 0; i < sizeof(bytes); i++) {
      const std::uint64_t bits = random();
      bytes[i] = static_cast<std::uint8_t>(bits);
      const std::uint64_t choice = bits >> 16;
      if ((bits >> 8 & 7) == 0) continue;
      if (i < prefixes) {
        bytes[i] = one_of(kPrefixes, choice);
      } else if (i == prefixes) {
        bytes[i] = one_of(kFirst, choice);
      } else if (i <= prefixes + 3) {
        bytes[i] = one_of(kLikely, choice);
      }
    }
    NtStore store;
    PersistInsn insn;
    const bool is_nt_store = decode_nt_store(edge.put(bytes, sizeof(bytes)), &store);
    const bool is_persist = decode_persist_insn(edge.put(bytes, sizeof(bytes)), &insn);
    assert_false(is_nt_store && is_persist);
    persist += is_persist;
    if (!is_nt_store) continue;
    taken++;
    assert_true(store.kind == kind_of(store.op));
    Decoder::assert_length_is_exact(store, bytes, edge);
  }
  assert_in_range(taken, 20'000, 1'000'000);  // otherwise the test checks nothing
  assert_in_range(persist, 5'000, 1'000'000);
}

}  // namespace
