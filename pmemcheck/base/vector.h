// vector.h: a growing array, in memory from the host.
//
// Floor 0.  Tested in tests/base/test_vector.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

// Elements move when the array grows: keep indices, not pointers.
template <class T>
class Vector {
 public:
  constexpr Vector() = default;
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;
  Vector(Vector&& o) noexcept
      : data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)),
        capacity_(std::exchange(o.capacity_, 0)) {}
  Vector& operator=(Vector&& o) noexcept {
    std::swap(data_, o.data_);
    std::swap(size_, o.size_);
    std::swap(capacity_, o.capacity_);
    return *this;
  }
  ~Vector() {
    clear();
    host_free(data_);
  }

  std::size_t size() const { return size_; }
  bool is_empty() const { return size_ == 0; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& operator[](std::size_t i) {
    PM_DCHECK(i < size_);
    return data_[i];
  }
  const T& operator[](std::size_t i) const {
    PM_DCHECK(i < size_);
    return data_[i];
  }
  T& back() { return (*this)[size_ - 1]; }

  void push_back(T value) {
    if (size_ == capacity_) grow(size_ + 1);
    ::new (static_cast<void*>(data_ + size_)) T(std::move(value));
    size_++;
  }
  void pop_back() {
    PM_DCHECK(size_ > 0);
    data_[--size_].~T();
  }
  // Inserts `value` before element `at`, or at the end if `at` is size().
  void insert(std::size_t at, T value) {
    PM_DCHECK(at <= size_);
    if (at == size_) return push_back(std::move(value));
    push_back(std::move(back()));
    for (std::size_t i = size_ - 2; i > at; i--) data_[i] = std::move(data_[i - 1]);
    data_[at] = std::move(value);
  }
  void erase(std::size_t at) {
    PM_DCHECK(at < size_);
    for (; at + 1 < size_; at++) data_[at] = std::move(data_[at + 1]);
    pop_back();
  }
  // Grows to `size` elements if there are fewer; new ones are value-initialised.
  void resize_at_least(std::size_t size) {
    if (size > capacity_) grow(size);
    while (size_ < size) ::new (static_cast<void*>(data_ + size_++)) T();
  }
  // Destroys the elements and keeps the memory for new ones.
  void clear() {
    if constexpr (!std::is_trivially_destructible_v<T>)
      for (T& element : *this) element.~T();
    size_ = 0;
  }
  bool is_valid() const { return size_ <= capacity_ && (data_ != nullptr || capacity_ == 0); }

 private:
  void grow(std::size_t at_least) {
    std::size_t capacity = capacity_ != 0 ? 2 * capacity_ : 8;
    if (capacity < at_least) capacity = at_least;
    PM_CHECK(capacity <= ~std::size_t{0} / sizeof(T));
    T* data = static_cast<T*>(host_allocate(capacity * sizeof(T), "vector"));
    for (std::size_t i = 0; i < size_; i++) {
      ::new (static_cast<void*>(data + i)) T(std::move(data_[i]));
      data_[i].~T();
    }
    host_free(data_);
    data_ = data;
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;      // 0 .. capacity_ inclusive
  std::size_t capacity_ = 0;  // in elements
};

}  // namespace pmemcheck
