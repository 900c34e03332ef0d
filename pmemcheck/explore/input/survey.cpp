// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/survey.h"

namespace pmemcheck::explore {

Survey::Survey(const Recording& recording) {
  AddressMap addresses;
  RangeMap<bool> mapped_before, mapped_now;
  recording.for_each([&](const TraceRecord& record) {
    switch (record.kind) {
    case RecordKind::Map: {
      const FileLocation location = files.location_of(record.mapping);
      addresses.map(record.range, location, record.mapping.domain);
      // Only bytes that are mapped for the first time show what was there before the run.
      mapped_now = RangeMap<bool>();
      mapped_now.assign(file_range(location, record.range.size()), true);
      mapped_before.for_each_in(file_range(location, record.range.size()),
                                [&](const auto& known) { mapped_now.erase(known.range); });
      mapped_before.assign(file_range(location, record.range.size()), true);
      break;
    }
    case RecordKind::Contents:
      addresses.for_each_part(record.range, [&](GuestRange part, FileLocation location, Domain) {
        mapped_now.for_each_in(file_range(location, part.size()), [&](const auto& fresh) {
          const GuestRange both = fresh.range.intersection(file_range(location, part.size()));
          const std::uint64_t skipped = both.begin - file_range(location, 0).begin;
          initial.push_back(
              {{location.file, location.offset + skipped},
               record.data.subspan(part.begin - record.range.begin + skipped, both.size())});
        });
      });
      break;
    case RecordKind::Unmap: addresses.unmap(record.range); break;
    case RecordKind::Move: addresses.move(record.range, record.to); break;
    case RecordKind::Store:
    case RecordKind::NtStore: {
      bool is_stray = true;
      addresses.for_each_part(record.range, [&](GuestRange, FileLocation location, Domain) {
        files[location.file].is_stored_to = true;
        is_stray = false;
      });
      stores++;
      if (is_stray) stray_stores++;
      break;
    }
    case RecordKind::Rules:
    case RecordKind::Stack:
    case RecordKind::Thread:
    case RecordKind::WeakFlush:
    case RecordKind::StrongFlush:
    case RecordKind::Fence:
    case RecordKind::Persist:
    case RecordKind::Marker:
    case RecordKind::Name:
    case RecordKind::End: break;
    }
    return true;
  });
}

}  // namespace pmemcheck::explore
