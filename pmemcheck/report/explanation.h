// explanation.h: the sentences about a finding: what was found, its other stacks, its place, and a
// hint.
//
// The sentences are the same in text and in XML.  They are written to an Out, which has:
//
//   out.begin_what(), out.end_what()   around the sentence that says what was found
//   out.begin_more(), out.end_more()   around each one that follows
//   out.end_before_stack()             instead of end_more(), if a stack belongs to the sentence
//   out << text, number or Hex         the words between
//   out.stack(stack)                   the stack that belongs to the sentence before
//
// Floor 3.  Tested in tests/report/test_explanation.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/format.h"
#include "pmemcheck/report/words.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// RETURNS: what reports call the state.  Scripts know pending bytes as FLUSHED.
std::string_view word_for(ByteState state);

template <class Out>
void write_bytes(Out& out, GuestRange bytes) {
  out << bytes.size() << (bytes.size() == 1 ? " byte at " : " bytes at ") << Hex{bytes.begin};
}

template <class Out>
void write_what(Out& out, const Finding& f) {
  const bool one = f.bytes.size() == 1;
  const std::string_view were = one ? " was " : " were ";
  out.begin_what();
  if (f.kind != FindingKind::ActiveTransaction) write_bytes(out, f.bytes);
  switch (f.kind) {
  case FindingKind::NotPersisted:
    switch (f.state) {
    case ByteState::Dirty: out << were << "stored and never flushed"; break;
    case ByteState::Pending: out << were << "flushed, and no fence followed"; break;
    case ByteState::NonTemporal:
      out << were << "stored non-temporally, and no fence followed";
      break;
    }
    break;
  case FindingKind::OutsideTransaction:
    out << were << "stored to without being added to a transaction of the thread";
    break;
  case FindingKind::TransactionOverlap:
    out << were << "added to transaction " << f.transaction << " while transaction "
        << f.earlier_transaction << " held a part of " << (one ? "it" : "them");
    break;
  case FindingKind::ActiveTransaction:
    out << "Transaction " << f.transaction << " was begun and not ended";
    if (f.nesting > 1) out << ", and is " << std::uint64_t{f.nesting} << " levels deep";
    break;
  case FindingKind::RedundantFlush: out << were << "flushed twice"; break;
  case FindingKind::UnnecessaryFlush:
    out << were << "flushed, and nothing stored there was waiting for it";
    break;
  case FindingKind::Overwritten:
    out << were << "overwritten before " << (one ? "it was" : "they were") << " durable";
    break;
  case FindingKind::NotDurable:
    out << (one ? " is" : " are")
        << " not durable here: " << (f.state == ByteState::Dirty ? "not flushed" : "not fenced");
    break;
  case FindingKind::OutOfOrder:
    out << were << "stored too early: ";
    write_bytes(out, f.earlier_bytes);
    out << ", which had to be durable first, " << (f.earlier_bytes.size() == 1 ? "is" : "are")
        << " not " << (f.state == ByteState::Dirty ? "flushed" : "fenced");
    break;
  }
  out.end_what();
}

template <class Out>
void write_stack(Out& out, std::string_view sentence, StackId stack) {
  if (stack == StackId::None || stack == StackId::Silent) return;
  out.begin_more();
  out << sentence;
  out.end_before_stack();
  out.stack(stack);
}

// Writes the stacks after the first one.
template <class Out>
void write_other_stacks(Out& out, const Finding& f) {
  switch (f.kind) {
  case FindingKind::NotPersisted:
    write_stack(out, "Its mapping went away here", f.later_stack);
    return;
  case FindingKind::TransactionOverlap:
    write_stack(out, "First registered here", f.earlier_stack);
    return;
  case FindingKind::RedundantFlush: write_stack(out, "Flushed again here", f.later_stack); return;
  case FindingKind::NotDurable: write_stack(out, "Stored here", f.earlier_stack); return;
  case FindingKind::OutOfOrder:
    write_stack(out, "What had to be durable first was stored here", f.earlier_stack);
    return;
  case FindingKind::Overwritten: write_stack(out, "Overwritten here", f.later_stack); return;
  case FindingKind::OutsideTransaction:
  case FindingKind::ActiveTransaction:
  case FindingKind::UnnecessaryFlush: return;
  }
}

// Writes where the bytes should have been durable, where they lie, and the hint.
template <class Out>
void write_more(Out& out, const Finding& f, const Places& places) {
  switch (f.deadline.kind) {
  case DeadlineKind::None: break;
  case DeadlineKind::Fence:
    write_stack(out, "The thread's first fence after it was here", f.deadline.stack);
    break;
  case DeadlineKind::TransactionEnd:
    write_stack(out, "The thread's first end of a transaction after it was here", f.deadline.stack);
    break;
  }
  if (f.place.name != 0) {
    out.begin_more();
    out << "Address " << Hex{f.bytes.begin} << " is " << f.place.offset_in_name << " bytes into "
        << places.text(f.place.name);
    out.end_more();
  }
  if (f.place.file != 0) {
    out.begin_more();
    out << "Address " << Hex{f.bytes.begin} << " is at offset " << f.place.offset << " of "
        << places.text(f.place.file);
    out.end_more();
  }
  out.begin_more();
  out << "hint: " << info_of(f.kind).hint;
  out.end_more();
}

}  // namespace pmemcheck
