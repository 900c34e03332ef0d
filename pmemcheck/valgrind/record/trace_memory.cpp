// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/record/trace_memory.h"

#include "pmemcheck/base/proc_maps.h"
#include "pmemcheck/valgrind/guest_memory.h"

namespace pmemcheck::trace {

namespace {

// RETURNS: a descriptor, or -1.
Int open_to_read(std::string_view path) {
  HChar text[VKI_PATH_MAX + 1];
  if (path.size() > VKI_PATH_MAX) return -1;
  VG_(memcpy)(text, path.data(), path.size());
  text[path.size()] = 0;
  const SysRes opened = VG_(open)(text, VKI_O_RDONLY, 0);
  return sr_isError(opened) ? -1 : static_cast<Int>(sr_Res(opened));
}

// A file of /proc, read line by line.
class Lines {
 public:
  explicit Lines(std::string_view name) : descriptor_(open_to_read(name)) {}
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  ~Lines() {
    if (descriptor_ >= 0) VG_(close)(descriptor_);
  }
  // RETURNS: whether there is another line; if so, it is line().
  bool next() {
    line_.clear();
    while (true) {
      if (at_ == filled_) {
        filled_ = descriptor_ >= 0 ? VG_(read)(descriptor_, buffer_, sizeof buffer_) : 0;
        at_ = 0;
        if (filled_ <= 0) return line_.size() > 0;
      }
      const char c = buffer_[at_++];
      if (c == '\n') return true;
      line_.push_back(c);
    }
  }
  std::string_view line() const { return {line_.begin(), line_.size()}; }

 private:
  Int descriptor_;  // or -1
  Int at_ = 0, filled_ = 0;
  Vector<char> line_;
  char buffer_[4096];
};

bool is_zero(GuestAddr page) {
  const auto* words = reinterpret_cast<const std::uint64_t*>(page.raw());
  for (std::size_t i = 0; i < VKI_PAGE_SIZE / sizeof *words; i++)
    if (words[i] != 0) return false;
  return true;
}

void visit_pages(GuestRange range, VisitPage visit, void* self) {
  for (GuestAddr page = range.begin; page < range.end; page = page + VKI_PAGE_SIZE)
    if (!is_zero(page)) visit(page, self);
}

// Visits memory without a file.  A page that was never touched is neither in memory nor swapped
// out. Linux, admin-guide/mm/pagemap.rst: bits 63 and 62 of a page's entry.
void visit_touched_pages(GuestRange range, Int pagemap, VisitPage visit, void* self) {
  std::uint64_t entries[512];
  GuestAddr page = range.begin;
  VG_(lseek)(pagemap, static_cast<Off64T>(page.raw() / VKI_PAGE_SIZE * 8), VKI_SEEK_SET);
  while (page < range.end) {
    const Int bytes = VG_(read)(pagemap, entries, sizeof entries);
    if (bytes < 8) return visit_pages({page, range.end}, visit, self);
    for (Int i = 0; i < bytes / 8 && page < range.end; i++, page = page + VKI_PAGE_SIZE)
      if (entries[i] >> 62 != 0) visit_pages(GuestRange::of(page, VKI_PAGE_SIZE), visit, self);
  }
}

// lseek(2); not in Valgrind's headers.
constexpr Int kSeekData = 3, kSeekHole = 4;

// Visits memory that shows a file, without reading the file's holes.
void visit_file_pages(GuestRange range, Int descriptor, std::uint64_t file_offset, VisitPage visit,
                      void* self) {
  const std::uint64_t end = file_offset + range.size();
  std::uint64_t at = file_offset;
  while (at < end) {
    const Off64T data = VG_(lseek)(descriptor, static_cast<Off64T>(at), kSeekData);
    if (data < 0) return;  // only a hole up to the end of the file
    const Off64T hole = VG_(lseek)(descriptor, data, kSeekHole);
    const auto first = VG_PGROUNDDN(static_cast<std::uint64_t>(data));
    const auto last = hole < 0 ? end : VG_PGROUNDUP(static_cast<std::uint64_t>(hole));
    const GuestRange part{range.begin + ((first > at ? first : at) - file_offset),
                          range.begin + ((last < end ? last : end) - file_offset)};
    if (part.begin < part.end) visit_pages(part, visit, self);
    at = last;
  }
}

}  // namespace

KernelMapping::KernelMapping(GuestAddr address) {
  const NSegment* segment = VG_(am_find_nsegment)(address.raw());
  if (segment == nullptr) {
    // Unmapped memory may have no segment that gives its length.
    range_ = GuestRange::of(GuestAddr(VG_PGROUNDDN(address.raw())), VKI_PAGE_SIZE);
    return;
  }
  range_ = range_of(*segment);
  if ((segment->kind & (SkFileC | SkShmC)) != 0) look_up_file(address);
}

// Valgrind's core does not record whether a mapping is shared; /proc/self/maps does.
void KernelMapping::look_up_file(GuestAddr address) {
  Lines maps("/proc/self/maps");
  while (maps.next()) {
    ProcMapsLine line;
    if (!parse_proc_maps_line(maps.line(), &line) || !line.range.contains(address)) continue;
    range_ = range_.intersection(line.range);
    is_shared_file_ = line.is_shared;
    offset_ = line.offset + (range_.begin - line.range.begin);
    device_ = std::uint64_t{line.device_major} << 32 | line.device_minor;
    inode_ = line.inode;
    for (const char c : line.path) path_.push_back(c);
    return;
  }
}

TraceMapping KernelMapping::describe() const {
  TraceMapping mapping;
  mapping.range = range_;
  if (!is_shared_file_) return mapping;
  mapping.file_offset = offset_;
  mapping.device = device_;
  mapping.inode = inode_;
  mapping.path = {path_.begin(), path_.size()};
  if (const Int descriptor = open_to_read(mapping.path); descriptor >= 0) {
    struct vg_stat stat;
    if (VG_(fstat)(descriptor, &stat) == 0 && stat.ino == inode_)
      mapping.file_bytes = static_cast<std::uint64_t>(stat.size);
    VG_(close)(descriptor);
  }
  return mapping;
}

void for_each_page_with_contents(GuestRange range, std::string_view file, std::uint64_t file_offset,
                                 VisitPage visit, void* self) {
  const GuestRange pages{GuestAddr(VG_PGROUNDDN(range.begin.raw())),
                         GuestAddr(VG_PGROUNDUP(range.end.raw()))};
  const GuestRange readable = readable_part(pages);
  if (readable.is_empty()) return;
  const Int descriptor = file.empty() ? open_to_read("/proc/self/pagemap") : open_to_read(file);
  if (descriptor < 0)
    visit_pages(readable, visit, self);
  else if (file.empty())
    visit_touched_pages(readable, descriptor, visit, self);
  else
    visit_file_pages(readable, descriptor, VG_PGROUNDDN(file_offset), visit, self);
  if (descriptor >= 0) VG_(close)(descriptor);
}

}  // namespace pmemcheck::trace
