// page_map.h: a value for each page of guest memory.
//
//   page number --> directory of 64 pages (256 KiB of the guest), found by hash
//               --> the page's value
//
// Memory grows with the number of pages that were touched.  Recently used directories are cached in
// a direct-mapped table that stays in the host's cache.  It covers a mapping of up to 64 MiB, so
// that a lookup there needs no hash search, which the processor would mispredict.
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

// Page: the type of a value.  Page() means that the page has none; any other value converts to
// true.
template <class Page>
class PageMap {
 public:
  PageMap() = default;
  PageMap(const PageMap&) = delete;
  PageMap& operator=(const PageMap&) = delete;
  ~PageMap() {
    directories_.for_each([](std::uint64_t, Directory* directory) { host_free(directory); });
  }

  // RETURNS: the page's value, or null if its directory was never created.  Valid until prune().
  Page* find(std::uint64_t number) {
    Directory* directory = find_directory(number / kPages);
    return directory != nullptr ? &directory->pages[number % kPages] : nullptr;
  }

  // RETURNS: what find() returns, or null if that takes a search.
  Page* find_recent(std::uint64_t number) {
    Directory* directory = recent_directory(number / kPages);
    PM_DCHECK(directory == nullptr || directory == *directories_.find(number / kPages));
    return directory != nullptr ? &directory->pages[number % kPages] : nullptr;
  }

  // RETURNS: the page's value; creates its directory if there is none.
  Page& get(std::uint64_t number) {
    const std::uint64_t key = number / kPages;
    Directory* directory = find_directory(key);
    if (directory == nullptr) {
      void* memory = host_allocate(sizeof(Directory), "page directory");
      directory = remember(key, directories_.get(key) = ::new (memory) Directory{});
    }
    return directory->pages[number % kPages];
  }

  // Calls visit(number, page) for each page from `first` to `last` that has a value, lowest first.
  // Takes time in proportion to the smaller of the range and the map.  The visit may change pages.
  // REQUIRES: first <= last.
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
    PM_DCHECK(first <= last);
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

  // Frees the directories that have no page with a value.
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

  // RETURNS: the size of all directories.
  std::size_t bytes() const { return directories_.size() * sizeof(Directory); }

  // Visits the whole map.
  bool is_valid() {
    return directories_.is_valid() &&
           std::all_of(recent_, recent_ + kRecent, [&](const Recent& recent) {
             if (recent.directory == nullptr) return true;
             Directory** directory = directories_.find(recent.key);
             return directory != nullptr && *directory == recent.directory;
           });
  }

 private:
  static constexpr std::uint64_t kPages = 64;
  struct Directory {
    Page pages[kPages];
  };

  static constexpr std::uint64_t kRecent = 256;
  struct Recent {
    std::uint64_t key = ~std::uint64_t{0};  // no directory has this one
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
