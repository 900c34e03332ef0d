// shadow.h: what is known of each cache line that was ever stored to, page by page.
//
// A page's lines begin as PackedLines, an eighth of the memory: a store all over a large mapping
// waits for memory and little else, and most of what it would wait for is in a cache then.  As soon
// as one of them does not fit, all lines of the page are Lines.  In programs that keep small
// objects, which is most of them, nearly all pages are; so where pages had to be unpacked again
// and again, others begin so.
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

// What is kept of a page: nothing, packed lines, or lines.
class ShadowPage {
 public:
  constexpr ShadowPage() = default;
  static ShadowPage make_packed();
  static ShadowPage make_full();
  // The same, full.  REQUIRES: it is packed.
  ShadowPage unpacked() const;
  void release();

  explicit operator bool() const { return bits_ != 0; }
  bool is_full() const { return (bits_ & kFull) != 0; }
  // REQUIRES: it is such a page.
  PackedPage& packed() const { return *reinterpret_cast<PackedPage*>(bits_); }
  // RETURNS: the first of kPageLines.  REQUIRES: it is such a page.
  Line* full() const { return reinterpret_cast<Line*>(bits_ - kFull); }
  std::size_t bytes() const;

 private:
  static constexpr std::uintptr_t kFull = 1;
  explicit ShadowPage(std::uintptr_t bits) : bits_(bits) {}

  std::uintptr_t bits_ = 0;  // where the lines are, and kFull where they are Lines
};

class Shadow {
 public:
  Shadow() = default;
  ~Shadow() {
    pages_.for_each_in(0, ~std::uint64_t{0},
                       [](std::uint64_t, ShadowPage& page) { page.release(); });
  }

  // A line's record: one of the two, or none.  Good until its page is unpacked or given back.
  struct Record {
    PackedLine* packed = nullptr;
    Line* full = nullptr;

    // Calls visit(record) with the one that there is.
    template <class Visit>
    void visit(Visit visit) const {
      if (full != nullptr)
        visit(*full);
      else if (packed != nullptr)
        visit(*packed);
    }
  };
  // RETURNS: the line's record, if anything of its page was ever made.
  Record find(LineAddr line) {
    const ShadowPage* page = pages_.find(page_of(line));
    return page != nullptr ? record_in(*page, line) : Record{};
  }
  // RETURNS: the same, or none where that takes a search.
  Record find_recent(LineAddr line) {
    const ShadowPage* page = pages_.find_recent(page_of(line));
    return page != nullptr ? record_in(*page, line) : Record{};
  }
  // RETURNS: the line's record, made if need be.
  Record get(LineAddr line);
  // RETURNS: the same, unpacked if need be.
  Line& get_full(LineAddr line);

  // Calls visit(record), a PackedLine& or a Line&, if there is one for the line.
  template <class Visit>
  void with(LineAddr line, Visit visit) {
    find(line).visit(visit);
  }

  // The same for the line before `line`, or the one behind it.  `record`: the record of `line`.
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

  // Calls visit(line, record) for each existing record whose line shares a byte with `range`,
  // lowest line first; the record is a PackedLine& or a Line&.  Costs the smaller of the range and
  // the shadow.  A visit may unpack the page.
  template <class Visit>
  void for_each_in(GuestRange range, Visit visit) {
    for_each_in(range, visit, [](GuestRange, PackedPage&) { return false; });
  }
  // The same; but of the lines of a packed page that lies in the range as a whole, none where
  // visit_page(its range, page) says that it has seen to them all.
  template <class Visit, class VisitPage>
  void for_each_in(GuestRange range, Visit visit, VisitPage visit_page) {
    for_each_page_in(range, [&](ShadowPage& page, std::uint64_t first, std::uint64_t last) {
      visit_lines(page, first, last, visit, visit_page);
    });
  }

  // The same, and gives back the memory of each page that lies in the range as a whole and on
  // which nothing is outstanding after that, after forget(line) for each Line.
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

  // Unpacks the pages in which `range` begins or ends within a word: there, and only there, a mask
  // of the bytes that it covers is not of whole words.
  void unpack_at_edges(GuestRange range);

  // Gives back what there is beside the pages.  Costs the whole shadow.
  void prune() { pages_.prune(); }

  // RETURNS: for how many lines there is a record.
  std::size_t lines() const { return lines_; }
  // RETURNS: how much memory all this takes.
  std::size_t bytes() const { return bytes_ + pages_.bytes(); }

 private:
  static std::uint64_t page_of(LineAddr line) { return line.number() / kPageLines; }
  static Record record_in(ShadowPage page, LineAddr line) {
    if (!page) return Record{};
    const std::uint64_t index = line.number() % kPageLines;
    if (page.is_full()) return Record{nullptr, &page.full()[index]};
    return Record{&page.packed()[index], nullptr};
  }

  // visit(page, first, last): of the page's lines, numbers `first` to `last` are in the range.
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

  // RETURNS: whether these are all lines of a page.
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
      // Asked anew for each line: a visit may unpack the page.
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
  // RETURNS: whether the next page is to begin packed.
  bool wants_packed();

  PageMap<ShadowPage> pages_;
  std::size_t lines_ = 0;
  std::size_t bytes_ = 0;  // of the pages
  // Grows with each page that had to be unpacked, and shrinks with each that began packed.
  unsigned unpacked_ = 0;
  unsigned begun_full_ = 0;  // pages since the last that began packed
};

}  // namespace pmemcheck
