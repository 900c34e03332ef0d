// hashed_list.h: a list of values that can be found by content.
//
// The caller supplies the hash.  Values with equal hashes are compared, so a collision costs time
// and never makes two values one.
//
// Floor 3.  Tested in tests/report/test_hashed_list.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Values have numbers, from 1 on, in the order in which they were added.
template <class Value>
class HashedList {
 public:
  // RETURNS: the number of the last value added under `hash` for which is_same(value) is true; 0 if
  // there is none.
  template <class IsSame>
  std::uint32_t find(std::uint64_t hash, IsSame is_same) {
    const std::uint32_t* last = last_.find(hash);
    std::uint32_t number = last != nullptr ? *last : 0;
    while (number != 0 && !is_same(values_[number - 1])) number = previous_[number - 1];
    return number;
  }
  // RETURNS: the number of the new value.
  std::uint32_t add(std::uint64_t hash, Value value) {
    const std::uint32_t number = add_unhashed(std::move(value));
    std::uint32_t& last = last_.get(hash);
    previous_[number - 1] = std::exchange(last, number);
    return number;
  }
  // Adds a value that find() does not see.
  std::uint32_t add_unhashed(Value value) {
    PM_CHECK(values_.size() < ~std::uint32_t{0});
    values_.push_back(std::move(value));
    previous_.push_back(0);
    return static_cast<std::uint32_t>(values_.size());
  }

  // REQUIRES: a value has this number.
  Value& operator[](std::uint32_t number) {
    PM_CHECK(number - 1 < values_.size());
    return values_[number - 1];
  }
  const Value& operator[](std::uint32_t number) const {
    PM_CHECK(number - 1 < values_.size());
    return values_[number - 1];
  }
  std::size_t size() const { return values_.size(); }
  const Value* begin() const { return values_.begin(); }
  const Value* end() const { return values_.end(); }

 private:
  Vector<Value> values_;            // by number - 1
  Vector<std::uint32_t> previous_;  // by number - 1: the previous value under its hash; 0: none
  HashMap<std::uint32_t> last_;     // by hash: the last value
};

}  // namespace pmemcheck
