// page_map.h: something for each page of guest memory that it was ever asked for.
//
//   page number --> directory of 64 pages (256 KiB of the guest), found by hash
//               --> what is kept of the page
//
// Memory grows with the pages touched.  The directories used last are remembered in a table that
// stays in the host's cache, each at the one place where it may stand: for a mapping of up to 64
// MiB that is all of them, and finding one takes no search, whose length nobody could predict.
//
// Floor 0.  Tested in tests/base/test_page_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>

#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Page: a value; Page() is of a page that nothing is kept of, any other converts to true.
template <class Page>
class PageMap {
 public:
  PageMap() = default;
  PageMap(const PageMap&) = delete;
  PageMap& operator=(const PageMap&) = delete;
  ~PageMap() {
    directories_.for_each([](std::uint64_t, Directory* directory) { host_free(directory); });
  }

  // RETURNS: where the page's value is, or null where there never was one near it.  Valid until
  // prune().
  Page* find(std::uint64_t number) {
    Directory* directory = find_directory(number / kPages);
    return directory != nullptr ? &directory->pages[number % kPages] : nullptr;
  }

  // RETURNS: the same, or null where that is not known without a search.
  Page* find_recent(std::uint64_t number) {
    Directory* directory = recent_directory(number / kPages);
    return directory != nullptr ? &directory->pages[number % kPages] : nullptr;
  }

  // RETURNS: the same as find(), made if need be.
  Page& get(std::uint64_t number) {
    const std::uint64_t key = number / kPages;
    Directory* directory = find_directory(key);
    if (directory == nullptr) {
      void* memory = host_allocate(sizeof(Directory), "page directory");
      directory = remember(key, directories_.get(key) = ::new (memory) Directory{});
    }
    return directory->pages[number % kPages];
  }

  // Calls visit(number, page) for each page from `first` to `last` that something is kept of,
  // lowest first.  Costs the smaller of the range and the map.  The visit may change pages.
  template <class Visit>
  void for_each_in(std::uint64_t first, std::uint64_t last, Visit visit) {
    const auto visit_directory = [&](std::uint64_t key) {
      Directory* directory = find_directory(key);
      if (directory == nullptr) return;
      const std::uint64_t end = std::min(last, key * kPages + (kPages - 1));
      for (std::uint64_t number = std::max(first, key * kPages); number <= end; number++) {
        Page& page = directory->pages[number % kPages];
        if (page) visit(number, page);
      }
    };
    const std::uint64_t first_key = first / kPages, last_key = last / kPages;
    if (last_key - first_key < directories_.size()) {
      for (std::uint64_t key = first_key; key <= last_key; key++) visit_directory(key);
      return;
    }
    Vector<std::uint64_t> keys;
    directories_.for_each([&](std::uint64_t key, Directory*) {
      if (first_key <= key && key <= last_key) keys.push_back(key);
    });
    std::sort(keys.begin(), keys.end());
    for (const std::uint64_t key : keys) visit_directory(key);
  }

  // Gives back the memory of directories whose pages nothing is kept of.
  void prune() {
    Vector<std::uint64_t> unused;
    directories_.for_each([&](std::uint64_t key, Directory* directory) {
      const bool used = std::any_of(directory->pages, directory->pages + kPages,
                                    [](const Page& page) { return static_cast<bool>(page); });
      if (!used) unused.push_back(key);
    });
    for (const std::uint64_t key : unused) {
      host_free(*directories_.find(key));
      directories_.erase(key);
    }
    std::fill(recent_, recent_ + kRecent, Recent{});
  }

  // RETURNS: how many bytes the directories take.
  std::size_t bytes() const { return directories_.size() * sizeof(Directory); }

 private:
  static constexpr std::uint64_t kPages = 64;
  struct Directory {
    Page pages[kPages];
  };

  static constexpr std::uint64_t kRecent = 256;
  struct Recent {
    std::uint64_t key = ~std::uint64_t{0};  // which no directory has
    Directory* directory = nullptr;
  };

  Directory* recent_directory(std::uint64_t key) const {
    const Recent& recent = recent_[key % kRecent];
    return recent.key == key ? recent.directory : nullptr;
  }

  Directory* find_directory(std::uint64_t key) {
    if (Directory* directory = recent_directory(key)) return directory;
    Directory** found = directories_.find(key);
    return found != nullptr ? remember(key, *found) : nullptr;
  }

  Directory* remember(std::uint64_t key, Directory* directory) {
    recent_[key % kRecent] = Recent{key, directory};
    return directory;
  }

  HashMap<Directory*> directories_;  // by key: the number of the first page, divided by kPages
  Recent recent_[kRecent];           // by key, modulo kRecent
};

}  // namespace pmemcheck
