// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/shadow.h"

#include <memory>
#include <new>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/host.h"

namespace pmemcheck {

namespace {

// A record begins at a cache line of the host.
constexpr std::size_t kAlignment = 64;
struct alignas(kAlignment) FullPage {
  Line lines[kPageLines];
  void* memory;  // what host_allocate returned
};

// New pages begin full once this many more pages were unpacked than began packed; even then, one
// page in this many begins packed, to find out whether the program has changed.
constexpr unsigned kManyUnpacked = 16;
constexpr unsigned kTriedInSoMany = 16;

}  // namespace

ShadowPage ShadowPage::make_packed() {
  void* memory = host_allocate(sizeof(PackedPage), "shadow page, packed");
  return ShadowPage(reinterpret_cast<std::uintptr_t>(::new (memory) PackedPage()));
}

ShadowPage ShadowPage::make_full() {
  std::size_t room = sizeof(FullPage) + kAlignment;
  void* memory = host_allocate(room, "shadow page");
  void* aligned = memory;
  auto* page = ::new (std::align(kAlignment, sizeof(FullPage), aligned, room)) FullPage();
  page->memory = memory;
  return ShadowPage(reinterpret_cast<std::uintptr_t>(page) + kFull);
}

ShadowPage ShadowPage::unpacked() const {
  PM_CHECK(*this && !is_full());
  const ShadowPage page = make_full();
  std::transform(packed().begin(), packed().end(), page.full(),
                 [](const PackedLine& line) { return line.unpacked(); });
  return page;
}

void ShadowPage::release() {
  PM_CHECK(*this);
  if (is_full())
    host_free(reinterpret_cast<FullPage*>(full())->memory);
  else
    host_free(&packed());
  bits_ = 0;
}

std::size_t ShadowPage::bytes() const {
  return is_full() ? sizeof(FullPage) + kAlignment : sizeof(PackedPage);
}

Shadow::Record Shadow::get(LineAddr line) {
  ShadowPage& page = pages_.get(page_of(line));
  if (!page) add(page, wants_packed() ? ShadowPage::make_packed() : ShadowPage::make_full());
  return record_in(page, line);
}

Line& Shadow::get_full(LineAddr line) {
  ShadowPage& page = pages_.get(page_of(line));
  if (!page) add(page, ShadowPage::make_full());
  if (!page.is_full()) unpack(page);
  return *record_in(page, line).full;
}

void Shadow::add(ShadowPage& page, ShadowPage made) {
  page = made;
  bytes_ += page.bytes();
  lines_ += kPageLines;
}

bool Shadow::wants_packed() {
  if (unpacked_ >= kManyUnpacked && ++begun_full_ < kTriedInSoMany) return false;
  begun_full_ = 0;
  if (unpacked_ > 0) unpacked_--;
  return true;
}

void Shadow::unpack(ShadowPage& page) {
  ShadowPage packed = page;
  page = packed.unpacked();
  bytes_ += page.bytes() - packed.bytes();
  packed.release();
  if (unpacked_ < 2 * kManyUnpacked) unpacked_ += 2;
}

void Shadow::unpack_at_edges(GuestRange range) {
  for (const GuestAddr edge : {range.begin, range.end}) {
    if (edge.raw() % PackedLine::kWordBytes == 0) continue;
    const LineAddr line = LineAddr::holding(edge);
    if (find(line).packed != nullptr) get_full(line);
  }
}

}  // namespace pmemcheck
