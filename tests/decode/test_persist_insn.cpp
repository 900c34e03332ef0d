// test_persist_insn.cpp: the decoder of flushes and fences is compared with the assembler
// (forms.inc, which forms.py writes), and tested on similar instructions and at the edge of mapped
// memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/persist_insn.h"

#include <random>

#include "tests/decode/decoder_test.h"
#include "tests/decode/guest_bytes.h"
#include "tests/unit.h"

namespace {

using namespace pmemcheck;
using pmemcheck::test::Bytes;
using pmemcheck::test::joined;
using pmemcheck::test::one_of;
using pmemcheck::test::PageEnd;

using Decoder = pmemcheck::test::DecoderTest<PersistInsn, decode_persist_insn>;
using Form = Decoder::Form;

#define PM_FORMS_OF_PERSIST_INSN
#include "tests/decode/forms.inc"

constexpr auto assert_refused = Decoder::assert_refused;
constexpr auto decoded = Decoder::decoded;

UNIT_TEST(every_flush_and_fence_decodes_as_the_assembler_encoded_it) {
  Decoder::assert_decodes_as_assembled(kForms, kRegisters);
}

UNIT_TEST(no_flush_or_fence_is_read_beyond_its_last_byte) {
  Decoder::assert_reads_no_further_than_the_last_byte(kForms);
}

UNIT_TEST(names_and_effects_of_flushes_and_fences_come_from_the_list) {
  assert_string_equal(name_of(PersistOp::clflush), "clflush");
  assert_string_equal(name_of(PersistOp::mfence), "mfence");
  assert_true(effect_of(PersistOp::clflush) == PersistEffect::StrongFlush);
  assert_true(effect_of(PersistOp::clflushopt) == PersistEffect::WeakFlush);
  assert_true(effect_of(PersistOp::clwb) == PersistEffect::WeakFlush);
  assert_true(effect_of(PersistOp::sfence) == PersistEffect::Fence);
  assert_true(effect_of(PersistOp::mfence) == PersistEffect::Fence);
}

// Each row ends with the byte that shows that the instruction is not ours.
UNIT_TEST(instructions_similar_to_flushes_are_refused_at_the_first_deciding_byte) {
  const Bytes refused[] = {
      {0x90},                          // NOP
      {0xc3},                          // RET
      {0xf0},                          // LOCK ...
      {0xf3},                          // RDFSBASE, PTWRITE, INCSSP, UMONITOR, CLRSSBSY
      {0xf2},                          // UMWAIT
      {0x66, 0xf3},                    // F3 after 66
      {0x48, 0x89},                    // MOV
      {0x66, 0x90},                    // NOP
      {0xc5},                          // VEX prefix: VLDMXCSR
      {0x62},                          // EVEX prefix
      {0x0f, 0x05},                    // SYSCALL
      {0x66, 0x0f, 0x38},              // MOVDIR64B and more
      {0x0f, 0xae, 0x00},              // FXSAVE (RAX)
      {0x48, 0x0f, 0xae, 0x0c},        // FXRSTOR64 with SIB
      {0x0f, 0xae, 0x15},              // LDMXCSR, RIP-relative
      {0x0f, 0xae, 0x5d},              // STMXCSR
      {0x0f, 0xae, 0x27},              // XSAVE
      {0x0f, 0xae, 0x6c},              // XRSTOR
      {0x0f, 0xae, 0x30},              // XSAVEOPT (RAX)
      {0x48, 0x0f, 0xae, 0xb4},        // XSAVEOPT64 with SIB and displacement
      {0x0f, 0xae, 0xe8},              // LFENCE
      {0x0f, 0xae, 0xef},              // LFENCE, another rm
      {0x0f, 0xae, 0xc0},              // RDFSBASE needs F3
      {0x66, 0x0f, 0xae, 0xf0},        // TPAUSE EAX
      {0x66, 0x41, 0x0f, 0xae, 0xf7},  // TPAUSE R15D
      {0x66, 0x0f, 0xae, 0xf8},        // once PCOMMIT
      {0x66, 0x0f, 0xae, 0x28},        // 66 /5
      {0x64, 0x65},                    // two segments
      {0x65, 0x2e, 0x66, 0x64},
  };
  for (const Bytes& bytes : refused) assert_refused(bytes);
  // LOCK and repeat prefixes before our opcodes.
  for (const std::uint8_t prefix : Bytes{0xf0, 0xf2, 0xf3}) {
    assert_refused({prefix, 0x66, 0x0f, 0xae, 0x30});
    assert_refused({0x66, prefix, 0x0f, 0xae, 0x38});
    assert_refused({prefix, 0x0f, 0xae, 0xf8});
  }
}

UNIT_TEST(a_fence_ignores_rm_as_the_processor_does) {
  for (std::uint8_t rm = 0; rm < 8; rm++) {
    const PersistInsn sfence = decoded({0x0f, 0xae, static_cast<std::uint8_t>(0xf8 | rm)});
    const PersistInsn mfence = decoded({0x0f, 0xae, static_cast<std::uint8_t>(0xf0 | rm)});
    assert_true(sfence.op == PersistOp::sfence && sfence.operand == MemoryOperand());
    assert_true(mfence.op == PersistOp::mfence && mfence.operand == MemoryOperand());
  }
}

UNIT_TEST(a_rex_before_another_prefix_of_a_flush_is_ignored) {
  // CLWB (R8) is 66 41 0F AE 30.
  assert_int_equal(decoded({0x66, 0x41, 0x0f, 0xae, 0x30}).operand.base, 8);
  assert_int_equal(decoded({0x41, 0x66, 0x0f, 0xae, 0x30}).operand.base, 0);
  assert_int_equal(decoded({0x66, 0x41, 0x2e, 0x0f, 0xae, 0x30}).operand.base, 0);
  assert_int_equal(decoded({0x66, 0x41, 0x40, 0x0f, 0xae, 0x30}).operand.base, 0);
  assert_int_equal(decoded({0x41, 0x66, 0x41, 0x0f, 0xae, 0x30}).operand.base, 8);
}

UNIT_TEST(rex_r_and_rex_w_do_not_change_a_flush) {
  const MemoryOperand plain = decoded({0x66, 0x40, 0x0f, 0xae, 0x30}).operand;
  for (const std::uint8_t rex : Bytes{0x44, 0x48, 0x4c}) {
    const PersistInsn insn = decoded({0x66, rex, 0x0f, 0xae, 0x30});
    assert_true(insn.op == PersistOp::clwb && insn.operand == plain);
  }
  // Without a SIB byte, REX.X has no effect.
  assert_true(decoded({0x66, 0x42, 0x0f, 0xae, 0x30}).operand == plain);
}

UNIT_TEST(index_4_is_no_index_unless_rex_x_makes_it_r12) {
  for (unsigned scale = 0; scale < 4; scale++) {
    const auto sib = static_cast<std::uint8_t>(scale << 6 | 4 << 3 | 3);  // base RBX
    MemoryOperand expected;
    expected.base = 3;
    assert_true(decoded({0x0f, 0xae, 0x3c, sib}).operand == expected);
    expected.index = 12;
    expected.scale_shift = static_cast<std::uint8_t>(scale);
    assert_true(decoded({0x42, 0x0f, 0xae, 0x3c, sib}).operand == expected);
  }
}

UNIT_TEST(rex_b_does_not_add_a_base_where_mod_0_has_none) {
  MemoryOperand rip;
  rip.rip_relative = true;
  rip.displacement = -2;
  assert_true(decoded({0x41, 0x0f, 0xae, 0x3d, 0xfe, 0xff, 0xff, 0xff}).operand == rip);
  MemoryOperand absolute;
  absolute.displacement = -2;
  assert_true(decoded({0x41, 0x0f, 0xae, 0x3c, 0x25, 0xfe, 0xff, 0xff, 0xff}).operand == absolute);
}

UNIT_TEST(the_order_of_prefixes_of_a_flush_does_not_matter) {
  Decoder::assert_order_of_prefixes_does_not_matter({0x0f, 0xae, 0x31});
}

UNIT_TEST(flushes_of_fifteen_bytes_are_accepted_and_of_sixteen_refused) {
  // What follows the prefixes, and how many of its bytes determine its length.
  const struct {
    Bytes tail;
    std::size_t deciding;
  } cases[] = {
      {{0x0f, 0xae, 0xf8}, 0},                    // sfence
      {{0x0f, 0xae, 0x38}, 0},                    // (rax)
      {{0x0f, 0xae, 0x78, 1}, 3},                 // 1(rax)
      {{0x0f, 0xae, 0x3c, 0x08}, 3},              // (rax,rcx)
      {{0x0f, 0xae, 0x7c, 0x08, 1}, 3},           // 1(rax,rcx)
      {{0x0f, 0xae, 0xb8, 1, 2, 3, 4}, 3},        // disp32(rax)
      {{0x0f, 0xae, 0x3d, 1, 2, 3, 4}, 3},        // disp32(rip)
      {{0x0f, 0xae, 0xbc, 0x08, 1, 2, 3, 4}, 3},  // disp32(rax,rcx)
      {{0x0f, 0xae, 0x3c, 0x25, 1, 2, 3, 4}, 4},  // disp32
  };
  for (const auto& [tail, deciding] : cases) Decoder::assert_longest_has_15_bytes(tail, deciding);
  assert_refused(Bytes(13, 0x66));
}

// Fifteen random bytes at the end of mapped memory, most of them values that the decoder
// distinguishes.
UNIT_TEST(flushes_in_random_bytes_decode_from_exactly_their_own_bytes) {
  constexpr std::uint8_t kLikely[] = {0x66, 0x67, 0x2e, 0x64, 0x65, 0x41, 0x4f, 0xf3, 0x0f, 0x0f};
  std::mt19937_64 random(20);
  PageEnd edge;
  unsigned taken = 0;
  for (unsigned round = 0; round < 1'000'000; round++) {
    std::uint8_t bytes[kMaxInsnBytes];
    for (std::uint8_t& byte : bytes) {
      const std::uint64_t bits = random();
      byte = static_cast<std::uint8_t>(bits);
      if ((bits >> 8 & 7) != 0) byte = one_of(kLikely, bits >> 16);
    }
    // Half of them contain our opcode somewhere, with a ModRM that is often ours.
    if (round % 2 == 0) {
      const std::uint64_t bits = random();
      const std::size_t at = bits % 13;
      bytes[at] = 0x0f;
      bytes[at + 1] = 0xae;
      bytes[at + 2] = static_cast<std::uint8_t>(bits >> 8 | 0x30);
      for (std::size_t i = 0; i < at; i++) {
        if (bytes[i] == 0x0f || bytes[i] == 0xf3) bytes[i] = 0x66;
      }
    }
    PersistInsn insn;
    if (!decode_persist_insn(edge.put(bytes, sizeof(bytes)), &insn)) continue;
    taken++;
    Decoder::assert_length_is_exact(insn, bytes, edge);
  }
  assert_in_range(taken, 50'000, 1'000'000);  // otherwise the test checks nothing
}

}  // namespace
