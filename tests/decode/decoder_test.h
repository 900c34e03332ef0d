// decoder_test.h: what the tests of both decoders share: the rows of forms.inc, and assertions
// about a decoder whose input ends at the edge of mapped memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>

#include "pmemcheck/decode/insn_reader.h"
#include "tests/decode/guest_bytes.h"
#include "tests/unit.h"

namespace pmemcheck::test {

// One row of forms.inc.
template <class Insn>
struct Form {
  const char* text;                   // the input of the assembler
  std::uint8_t bytes[kMaxInsnBytes];  // its output; expected.length of them
  Insn expected;
  std::uint64_t address;  // of the operand, in the machine of forms.inc
};

// The machine in which the addresses of forms.inc are computed.
struct GuestRegisters {
  std::uint64_t general[16];
  std::uint64_t next_rip, fs, gs;
};

// A decoder under test.  Insn has length, operand, op and ==; name_of(op) is the mnemonic.
template <class Insn, bool (*decode)(const std::uint8_t*, Insn*)>
struct DecoderTest {
  using Form = test::Form<Insn>;

  // Decodes bytes; reading beyond the last one is a fault.
  static bool decode_at_edge(const Bytes& bytes, Insn* insn) {
    PageEnd edge;
    return decode(edge.put(bytes), insn);
  }

  // Fails unless the bytes are refused without reading beyond them.
  static void assert_refused(const Bytes& bytes) {
    Insn insn;
    if (!decode_at_edge(bytes, &insn)) return;
    fail_msg("decoded as %s, %u bytes: %s", name_of(insn.op), insn.length, text_of(bytes).c_str());
  }

  // RETURNS: the instruction that consists of all the bytes.
  static Insn decoded(const Bytes& bytes) {
    Insn insn;
    if (!decode_at_edge(bytes, &insn)) fail_msg("refused: %s", text_of(bytes).c_str());
    assert_int_equal(insn.length, bytes.size());
    return insn;
  }

  static void assert_decodes_as_assembled(std::span<const Form> forms,
                                          const GuestRegisters& registers) {
    for (const Form& form : forms) {
      Insn insn;
      if (!decode(form.bytes, &insn)) fail_msg("refused: %s", form.text);
      if (insn != form.expected) fail_msg("decoded differently: %s", form.text);
      const std::uint64_t address = effective_address(
          insn.operand, registers.general, registers.next_rip, registers.fs, registers.gs);
      if (address != form.address) fail_msg("address %#lx: %s", address, form.text);
    }
  }

  static void assert_reads_no_further_than_the_last_byte(std::span<const Form> forms) {
    PageEnd edge;
    for (const Form& form : forms) {
      Insn insn;
      if (!decode(edge.put(form.bytes, form.expected.length), &insn)) {
        fail_msg("refused at the edge: %s", form.text);
      }
      assert_true(insn == form.expected);
    }
  }

  // Tries CS, FS, operand size and address size before `insn`, in every order.
  static void assert_order_of_prefixes_does_not_matter(const Bytes& insn) {
    Bytes prefixes = {0x2e, 0x64, 0x66, 0x67};
    const Insn first = decoded(joined(prefixes, insn));
    assert_true(first.operand.segment == Segment::FS && first.operand.address_size_32);
    while (std::next_permutation(prefixes.begin(), prefixes.end())) {
      assert_true(decoded(joined(prefixes, insn)) == first);
    }
  }

  // Fails unless `insn` is accepted with prefixes that make it 15 bytes long, and refused with one
  // more after reading only its first `deciding` bytes.
  static void assert_longest_has_15_bytes(const Bytes& insn, std::size_t deciding) {
    Bytes prefixes(kMaxInsnBytes - insn.size(), 0x2e);
    decoded(joined(prefixes, insn));
    prefixes.push_back(0x2e);
    assert_refused(joined(prefixes, Bytes(insn.begin(), insn.begin() + long(deciding))));
  }

  // `insn` was decoded from `bytes`.  Fails unless decoding needs only the bytes of the
  // instruction, and another prefix without a meaning changes only its length.
  static void assert_length_is_exact(const Insn& insn, const std::uint8_t (&bytes)[kMaxInsnBytes],
                                     PageEnd& edge) {
    assert_in_range(insn.length, 3, kMaxInsnBytes);
    assert_true(insn.operand.is_valid());
    Insn again;
    assert_true(decode(edge.put(bytes, insn.length), &again));
    assert_true(again == insn);
    std::uint8_t longer[kMaxInsnBytes + 1] = {0x2e};
    std::memcpy(longer + 1, bytes, sizeof(bytes));
    assert_true(decode(longer, &again) == (insn.length < kMaxInsnBytes));
    if (insn.length == kMaxInsnBytes) return;
    again.length--;
    assert_true(again == insn);
  }
};

// RETURNS: one of `choices`, by a random number.
template <std::size_t count>
std::uint8_t one_of(const std::uint8_t (&choices)[count], std::uint64_t number) {
  return choices[number % count];
}

}  // namespace pmemcheck::test
