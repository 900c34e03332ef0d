// hash_map.h: a hash map with 64-bit keys.
//
// Floor 0.  Tested in tests/base/test_hash_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Open addressing with linear probing.  Values move when the map changes: keep keys, not pointers.
template <class Value>
class HashMap {
 public:
  std::size_t size() const { return used_; }

  // RETURNS: the value under `key`, or null.  Valid until the next change.
  Value* find(std::uint64_t key) {
    if (slots_.is_empty()) return nullptr;
    for (std::size_t s = home_of(key); slots_[s].is_used; s = next(s))
      if (slots_[s].key == key) return &slots_[s].value;
    return nullptr;
  }

  // RETURNS: the value under `key`, created by Value() if there is none.  Valid until the next
  // change.
  Value& get(std::uint64_t key) {
    if (Value* value = find(key)) return *value;
    if (4 * (used_ + 1) > 3 * slots_.size()) grow();
    Slot& slot = free_slot_for(key);
    slot.key = key;
    slot.is_used = true;
    used_++;
    return slot.value;
  }

  // RETURNS: whether there was a value under `key`.
  bool erase(std::uint64_t key) {
    Value* value = find(key);
    if (value == nullptr) return false;
    std::size_t hole = home_of(key);
    while (&slots_[hole].value != value) hole = next(hole);
    // Close the gap: move back every later entry of the run whose home allows it.
    for (std::size_t s = next(hole); slots_[s].is_used; s = next(s)) {
      const std::size_t home = home_of(slots_[s].key);
      const bool stays = hole <= s ? hole < home && home <= s : hole < home || home <= s;
      if (stays) continue;
      slots_[hole] = std::move(slots_[s]);
      hole = s;
    }
    slots_[hole] = Slot{};
    used_--;
    return true;
  }

  // Calls visit(key, value) for each value, in no particular order.
  template <class Visit>
  void for_each(Visit visit) {
    for (Slot& slot : slots_)
      if (slot.is_used) visit(slot.key, slot.value);
  }

  // Visits the whole map.
  bool is_valid() const {
    const std::size_t slots = slots_.size();
    if ((slots & (slots - 1)) != 0 || 4 * used_ > 3 * slots) return false;
    std::size_t count = 0;
    for (std::size_t s = 0; s < slots; s++) {
      if (!slots_[s].is_used) continue;
      count++;
      // Every slot from the key's home to this one is used, by other keys.
      for (std::size_t h = home_of(slots_[s].key); h != s; h = next(h))
        if (!slots_[h].is_used || slots_[h].key == slots_[s].key) return false;
    }
    return count == used_;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    bool is_used = false;
    Value value = {};
  };

  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  // Multiplicative hashing: the upper half of the product depends on every bit of the key.
  std::size_t home_of(std::uint64_t key) const {
    return (key * 0x9e3779b97f4a7c15u >> 32) & (slots_.size() - 1);
  }
  Slot& free_slot_for(std::uint64_t key) {
    std::size_t s = home_of(key);
    while (slots_[s].is_used) s = next(s);
    return slots_[s];
  }
  void grow() {
    Vector<Slot> old;
    std::swap(old, slots_);
    slots_.resize_at_least(old.is_empty() ? 16 : 2 * old.size());
    for (Slot& slot : old)
      if (slot.is_used) free_slot_for(slot.key) = std::move(slot);
  }

  Vector<Slot> slots_;    // its size is a power of two, or 0
  std::size_t used_ = 0;  // at most three quarters of the slots
};

}  // namespace pmemcheck
