// stack_id.h: the bits of a StackId, and of the words that hold one.
//
//   bit   31      30      29 ... 0
//       +-------+-------+---------------------------------------------+
//       | mixed | kernel|                    index                    |
//       +-------+-------+---------------------------------------------+
//
//   index   counts the program's stacks from 1, or, with the kernel bit, the kernel's from 0
//   kernel  the stack ends in the kernel: in a system call or a signal frame
//   mixed   never set in a StackId.  Set in a StackOrNumber that holds another number instead.
//
// A StackId therefore fits in kStackIdBits = 31 bits, all that a PackedLine has room for.
//
// Floor 0.  Tested in tests/base/test_stack_id.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

// A recorded call stack.  0 is no stack.
//   Silent  sentinel in place of a store's stack: do not report this store.
enum class StackId : std::uint32_t { None = 0, Silent = 0x3fff'ffff };

inline constexpr unsigned kStackIdBits = 31;

namespace stack_id {

inline constexpr std::uint32_t kMixed = std::uint32_t{1} << 31;
inline constexpr std::uint32_t kKernel = std::uint32_t{1} << 30;
inline constexpr std::uint32_t kIndex = kKernel - 1;

constexpr std::uint32_t bits(StackId stack) {
  return static_cast<std::uint32_t>(stack);
}

// RETURNS: whether `stack` fits in kStackIdBits.
constexpr bool is_valid(StackId stack) {
  return bits(stack) >> kStackIdBits == 0;
}

// RETURNS: the program's stack number `index`.
// REQUIRES: 0 < index < the index of StackId::Silent.
constexpr StackId of_program(std::uint64_t index) {
  PM_CHECK(0 < index && index < bits(StackId::Silent));
  return StackId{static_cast<std::uint32_t>(index)};
}

// RETURNS: stack number `index` of those that end in the kernel.  REQUIRES: index <= kIndex.
constexpr StackId of_kernel(std::uint64_t index) {
  PM_CHECK(index <= kIndex);
  return StackId{kKernel | static_cast<std::uint32_t>(index)};
}

constexpr bool is_kernel(StackId stack) {
  return (bits(stack) & kKernel) != 0;
}

// RETURNS: what of_program() or of_kernel() was given.
constexpr std::uint32_t index(StackId stack) {
  return bits(stack) & kIndex;
}

}  // namespace stack_id

// A StackId, or instead a number of up to kStackIdBits bits.  All-zero is StackId::None.
class StackOrNumber {
 public:
  constexpr StackOrNumber() = default;
  // REQUIRES: is_valid(stack).
  constexpr explicit StackOrNumber(StackId stack) : bits_(stack_id::bits(stack)) {
    PM_DCHECK(stack_id::is_valid(stack));
  }
  // REQUIRES: number < 2^kStackIdBits.
  static constexpr StackOrNumber mixed(std::uint64_t number) {
    PM_CHECK(number >> kStackIdBits == 0);
    return StackOrNumber(static_cast<std::uint32_t>(number) | stack_id::kMixed);
  }

  constexpr bool is_mixed() const { return (bits_ & stack_id::kMixed) != 0; }
  // REQUIRES: !is_mixed().
  constexpr StackId stack() const {
    PM_DCHECK(!is_mixed());
    return StackId{bits_};
  }
  // REQUIRES: is_mixed().
  constexpr std::uint32_t number() const {
    PM_DCHECK(is_mixed());
    return bits_ & ~stack_id::kMixed;
  }
  // RETURNS: a value that is mixed if this one or `other` is.  Its other bits have no meaning.
  constexpr StackOrNumber operator|(StackOrNumber other) const {
    return StackOrNumber(bits_ | other.bits_);
  }
  constexpr bool operator==(const StackOrNumber&) const = default;

 private:
  constexpr explicit StackOrNumber(std::uint32_t bits) : bits_(bits) {}

  std::uint32_t bits_ = 0;
};

static_assert((stack_id::kMixed | stack_id::kKernel | stack_id::kIndex) == ~std::uint32_t{0} &&
                  (stack_id::kMixed & stack_id::kKernel) == 0,
              "the pieces fill the word and do not overlap");
static_assert(stack_id::kMixed >> kStackIdBits == 1, "a StackId has all bits below the mixed bit");
static_assert(stack_id::is_valid(StackId::Silent) && !stack_id::is_kernel(StackId::Silent) &&
                  stack_id::bits(StackId::Silent) == stack_id::kIndex,
              "the sentinel is the highest index of a program stack, which of_program() refuses");
static_assert(sizeof(StackOrNumber) == sizeof(StackId), "the wrapper costs nothing");

}  // namespace pmemcheck
