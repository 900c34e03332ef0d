// test_insn_reader.cpp: prefixes, the bytes that end them, and the meaning of operands.  The tests
// of the decoders compare all of these with the assembler.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/decode/insn_reader.h"

#include "tests/decode/guest_bytes.h"
#include "tests/unit.h"

namespace {

using namespace pmemcheck;
using pmemcheck::test::Bytes;
using pmemcheck::test::PageEnd;
using pmemcheck::test::text_of;

// Reads prefixes at the end of mapped memory.  Fails unless the last of `bytes` ends them.
Prefixes prefixes_of(const Bytes& bytes) {
  PageEnd edge;
  Prefixes prefixes;
  const std::uint8_t last = read_prefixes(edge.put(bytes), &prefixes);
  if (last != bytes.back()) fail_msg("ended by %#x: %s", last, text_of(bytes).c_str());
  return prefixes;
}

UNIT_TEST(a_byte_that_is_no_prefix_ends_the_prefixes_and_is_not_counted) {
  for (unsigned byte = 0; byte < 256; byte++) {
    const auto code = static_cast<std::uint8_t>(byte);
    const bool is_prefix = (byte & 0xf0) == 0x40 || (byte >= 0x64 && byte <= 0x67) ||
                           byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e;
    const Bytes bytes = is_prefix ? Bytes{code, 0x0f} : Bytes{code};
    assert_int_equal(prefixes_of(bytes).count, is_prefix);
  }
}

UNIT_TEST(each_prefix_sets_its_own_member) {
  assert_true(prefixes_of({0x66, 0x0f}).has66);
  assert_true(prefixes_of({0x67, 0x0f}).has67);
  assert_true(prefixes_of({0x64, 0x0f}).segment == Segment::FS);
  assert_true(prefixes_of({0x65, 0x0f}).segment == Segment::GS);
  assert_true(prefixes_of({0x64, 0x2e, 0x64, 0x0f}).segment == Segment::FS);
  assert_true(prefixes_of({0x26, 0x2e, 0x36, 0x3e, 0x0f}).segment == Segment::None);
  const Prefixes none = prefixes_of({0x2e, 0x0f});
  assert_false(none.has66 || none.has67 || none.has_rex);
  assert_int_equal(none.rex, 0);
}

UNIT_TEST(each_bit_of_rex_is_shifted_to_its_place_in_a_register_number) {
  for (unsigned bits = 0; bits < 16; bits++) {
    const Prefixes prefixes = prefixes_of({static_cast<std::uint8_t>(0x40 | bits), 0x0f});
    assert_int_equal(prefixes.rex_b(), bits & 1 ? 8 : 0);
    assert_int_equal(prefixes.rex_x(), bits & 2 ? 8 : 0);
    assert_int_equal(prefixes.rex_r(), bits & 4 ? 8 : 0);
    assert_int_equal(prefixes.rex_w(), bits >> 3);
  }
}

UNIT_TEST(a_rex_that_the_processor_ignores_still_counts_as_present) {
  const Prefixes forgotten = prefixes_of({0x4f, 0x66, 0x0f});
  assert_int_equal(forgotten.rex, 0);
  assert_true(forgotten.has_rex);
  assert_int_equal(prefixes_of({0x4f, 0x41, 0x0f}).rex, 0x41);
}

UNIT_TEST(a_second_segment_ends_the_prefixes) {
  prefixes_of({0x64, 0x65});
  prefixes_of({0x65, 0x2e, 0x66, 0x64});
}

UNIT_TEST(prefixes_leave_room_for_the_shortest_instruction) {
  Bytes bytes(kMaxInsnBytes - kLeastAfterPrefixes, 0x2e);
  bytes.push_back(0x0f);
  assert_int_equal(prefixes_of(bytes).count, kMaxInsnBytes - kLeastAfterPrefixes);
  bytes.back() = 0x2e;  // any next byte would be one too many
  prefixes_of(bytes);
}

UNIT_TEST(a_default_operand_is_valid_and_has_address_0) {
  const std::uint64_t regs[16] = {};
  assert_true(MemoryOperand().is_valid());
  assert_int_equal(effective_address(MemoryOperand(), regs, 1, 2, 3), 0);
}

UNIT_TEST(operands_that_cannot_be_encoded_are_not_valid) {
  const MemoryOperand invalid[] = {
      {.base = 16},
      {.index = 16},
      {.index = 4},
      {.scale_shift = 1},
      {.index = 1, .scale_shift = 4},
      {.base = 1, .rip_relative = true},
      {.index = 1, .rip_relative = true},
  };
  for (const MemoryOperand& operand : invalid) assert_false(operand.is_valid());
  assert_true(MemoryOperand({.base = 15, .index = 12, .scale_shift = 3}).is_valid());
}

UNIT_TEST(an_address_is_truncated_to_32_bits_before_the_segment_is_added) {
  constexpr std::uint64_t kFs = 0x7000'0000'0000, kGs = 0x10;
  std::uint64_t regs[16] = {};
  regs[1] = 0xffff'ffff;
  regs[2] = 2;
  MemoryOperand operand = {.displacement = -1, .base = 1, .index = 2, .scale_shift = 3};
  assert_int_equal(effective_address(operand, regs, 0, kFs, kGs), 0x1'0000'000e);
  operand.address_size_32 = true;
  assert_int_equal(effective_address(operand, regs, 0, kFs, kGs), 0xe);
  operand.segment = Segment::FS;
  assert_int_equal(effective_address(operand, regs, 0, kFs, kGs), kFs + 0xe);
  operand.segment = Segment::GS;
  assert_int_equal(effective_address(operand, regs, 0, kFs, kGs), 0x1e);
  const MemoryOperand rip = {.displacement = -0x80, .rip_relative = true};
  assert_int_equal(effective_address(rip, regs, 0x401000, kFs, kGs), 0x400f80);
}

UNIT_TEST(an_operand_is_read_to_its_last_byte_and_no_further) {
  const struct {
    Bytes bytes;  // from ModRM on
    MemoryOperand operand;
  } cases[] = {
      {{0x03}, {.base = 3}},
      {{0x43, 0xff}, {.displacement = -1, .base = 3}},
      {{0x83, 0, 0, 0, 0x80}, {.displacement = -0x80000000LL, .base = 3}},
      {{0x05, 1, 0, 0, 0}, {.displacement = 1, .rip_relative = true}},
      {{0x04, 0x24}, {.base = 4}},
      {{0x04, 0x8d, 1, 0, 0, 0}, {.displacement = 1, .index = 1, .scale_shift = 2}},
      {{0x44, 0x8d, 1}, {.displacement = 1, .base = 5, .index = 1, .scale_shift = 2}},
  };
  PageEnd edge;
  for (const auto& [bytes, expected] : cases) {
    unsigned used = 1;
    MemoryOperand operand;
    assert_true(read_operand(edge.put(bytes), Prefixes(), bytes[0], &used, &operand));
    assert_int_equal(used, bytes.size());
    assert_true(operand == expected);
  }
}

}  // namespace
