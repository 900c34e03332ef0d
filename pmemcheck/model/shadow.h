// shadow.h: the records of all cache lines that were ever stored to, page by page.
//
// The lines of a page begin as PackedLines, which take an eighth of the memory: stores all over a
// large mapping spend most of their time waiting for the shadow's memory, and more of a small
// shadow is in a cache.  As soon as one line does not fit, all lines of its page become Lines. That
// happens to nearly all pages of a program that keeps small objects, as most programs do; so once
// many pages had to be unpacked, new ones begin as Lines.
//
// Floor 1.  Tested in tests/model/test_shadow.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "pmemcheck/base/page_map.h"
#include "pmemcheck/model/line.h"
#include "pmemcheck/model/packed_page.h"

namespace pmemcheck {

// The records of a page: none, PackedLines or Lines.  A handle: copies refer to the same records.
class ShadowPage {
 public:
  constexpr ShadowPage() = default;
  static ShadowPage make_packed();
  static ShadowPage make_full();
  // RETURNS: a new full page with the same contents.  REQUIRES: this one is packed.
  ShadowPage unpacked() const;
  // Frees the records.  REQUIRES: there are some.
  void release();

  explicit operator bool() const { return bits_ != 0; }
  bool is_full() const { return (bits_ & kFull) != 0; }
  // REQUIRES: the page is packed.
  PackedPage& packed() const {
    PM_DCHECK(bits_ != 0 && !is_full());
    return *reinterpret_cast<PackedPage*>(bits_);
  }
  // RETURNS: the first of kPageLines.  REQUIRES: the page is full.
  Line* full() const {
    PM_DCHECK(is_full());
    return reinterpret_cast<Line*>(bits_ - kFull);
  }
  // RETURNS: the size of the records.  REQUIRES: there are some.
  std::size_t bytes() const;

 private:
  static constexpr std::uintptr_t kFull = 1;
  explicit ShadowPage(std::uintptr_t bits) : bits_(bits) {}

  std::uintptr_t bits_ = 0;  // the address of the records, plus kFull if they are Lines
};

class Shadow {
 public:
  Shadow() = default;
  ~Shadow() {
    pages_.for_each_in(0, ~std::uint64_t{0},
                       [](std::uint64_t, ShadowPage& page) { page.release(); });
  }

  // A line's record: one of the two, or none.  Valid until its page is unpacked or freed.
  struct Record {
    PackedLine* packed = nullptr;
    Line* full = nullptr;

    // Calls visit(record) if there is a record.
    template <class Visit>
    void visit(Visit visit) const {
      if (full != nullptr)
        visit(*full);
      else if (packed != nullptr)
        visit(*packed);
    }
  };
  // RETURNS: the line's record, if its page has any.
  Record find(LineAddr line) {
    const ShadowPage* page = pages_.find(page_of(line));
    return page != nullptr ? record_in(*page, line) : Record{};
  }
  // RETURNS: what find() returns, or none if that takes a search.
  Record find_recent(LineAddr line) {
    const ShadowPage* page = pages_.find_recent(page_of(line));
    return page != nullptr ? record_in(*page, line) : Record{};
  }
  // RETURNS: the line's record, created if there is none.
  Record get(LineAddr line);
  // RETURNS: the line's record, created if there is none, and unpacked if it is packed.
  Line& get_full(LineAddr line);

  // Calls visit(record), with a PackedLine& or a Line&, if the line has a record.
  template <class Visit>
  void with(LineAddr line, Visit visit) {
    find(line).visit(visit);
  }

  // with() for the line before or after `line`.  REQUIRES: `record` is that of `line`.
  template <class Record, class Visit>
  void with_previous(LineAddr line, Record& record, Visit visit) {
    if (line.number() % kPageLines != 0)
      visit(*(&record - 1));
    else
      with(line.previous(), visit);
  }
  template <class Record, class Visit>
  void with_next(LineAddr line, Record& record, Visit visit) {
    if (line.next().number() % kPageLines != 0)
      visit(*(&record + 1));
    else
      with(line.next(), visit);
  }

  // Calls visit(line, record), with a PackedLine& or a Line&, for each record whose line overlaps
  // `range`, lowest line first.  Takes time in proportion to the smaller of the range and the
  // shadow.  A visit may unpack the page.
  template <class Visit>
  void for_each_in(GuestRange range, Visit visit) {
    for_each_in(range, visit, [](GuestRange, PackedPage&) { return false; });
  }
  // Like for_each_in(range, visit), but first calls visit_page(range of the page, page) for each
  // packed page that lies wholly in the range; if that returns true, the lines of the page are not
  // visited.
  template <class Visit, class VisitPage>
  void for_each_in(GuestRange range, Visit visit, VisitPage visit_page) {
    for_each_page_in(range, [&](ShadowPage& page, std::uint64_t first, std::uint64_t last) {
      visit_lines(page, first, last, visit, visit_page);
    });
  }

  // Like for_each_in(range, visit, visit_page), but then frees each page that lies wholly in the
  // range and has nothing outstanding.  Calls forget(line) for each Line before it is freed.
  template <class Visit, class VisitPage, class Forget>
  void sweep(GuestRange range, Visit visit, VisitPage visit_page, Forget forget) {
    for_each_page_in(range, [&](ShadowPage& page, std::uint64_t first, std::uint64_t last) {
      visit_lines(page, first, last, visit, visit_page);
      if (!is_whole(first, last) || !is_clean(page)) return;
      if (page.is_full()) std::for_each_n(page.full(), kPageLines, forget);
      bytes_ -= page.bytes();
      lines_ -= kPageLines;
      page.release();
    });
  }

  // Unpacks the pages in which `range` begins or ends within a word.  In all others, the mask of
  // the bytes that it covers in a line consists of whole words, as PackedLine requires.
  void unpack_at_edges(GuestRange range);

  // Frees page directories that are not needed any more.  Visits all of them.
  void prune() { pages_.prune(); }

  // RETURNS: how many lines have a record.
  std::size_t lines() const { return lines_; }
  // RETURNS: how many bytes of memory the shadow takes.
  std::size_t bytes() const { return bytes_ + pages_.bytes(); }

 private:
  static std::uint64_t page_of(LineAddr line) { return line.number() / kPageLines; }
  static Record record_in(ShadowPage page, LineAddr line) {
    if (!page) return Record{};
    const std::uint64_t index = line.number() % kPageLines;
    if (page.is_full()) return Record{nullptr, &page.full()[index]};
    return Record{&page.packed()[index], nullptr};
  }

  // Calls visit(page, first, last), where the lines of the page that overlap the range have the
  // numbers `first` to `last`.
  template <class Visit>
  void for_each_page_in(GuestRange range, Visit visit) {
    if (range.is_empty()) return;
    const LineAddr first = LineAddr::holding(range.begin);
    const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
    pages_.for_each_in(page_of(first), page_of(last), [&](std::uint64_t number, ShadowPage& page) {
      const std::uint64_t begin = number * kPageLines;
      visit(page, std::max(first.number(), begin), std::min(last.number(), begin + kPageLines - 1));
    });
  }

  // RETURNS: whether lines `first` to `last` of a page are all its lines.
  static bool is_whole(std::uint64_t first, std::uint64_t last) {
    return last - first + 1 == kPageLines;
  }

  template <class Visit, class VisitPage>
  static void visit_lines(ShadowPage& page, std::uint64_t first, std::uint64_t last, Visit& visit,
                          VisitPage& visit_page) {
    if (!page.is_full() && is_whole(first, last)) {
      const GuestRange range{LineAddr(first).begin(), LineAddr(last).next().begin()};
      if (visit_page(range, page.packed())) return;
    }
    for (std::uint64_t n = first; n <= last; n++) {
      const LineAddr line(n);
      // Looked up again for each line, because a visit may unpack the page.
      record_in(page, line).visit([&](auto& record) { visit(line, record); });
    }
  }

  static bool is_clean(ShadowPage page) {
    if (!page.is_full()) return page.packed().is_clean();
    return std::none_of(page.full(), page.full() + kPageLines,
                        [](const Line& line) { return line.outstanding().any(); });
  }

  void add(ShadowPage& page, ShadowPage made);
  void unpack(ShadowPage& page);
  // RETURNS: whether the next page begins packed.
  bool wants_packed();

  PageMap<ShadowPage> pages_;
  std::size_t lines_ = 0;
  std::size_t bytes_ = 0;  // of all records
  // Grows with each page that is unpacked, and shrinks with each that begins packed.
  unsigned unpacked_ = 0;
  unsigned begun_full_ = 0;  // number of pages since the last that began packed
};

}  // namespace pmemcheck
