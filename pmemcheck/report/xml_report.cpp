// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/xml_report.h"

#include "pmemcheck/report/explanation.h"

namespace pmemcheck {

namespace {

class XmlWriter {
 public:
  XmlWriter(Sink sink, const StackWords* stacks) : out_(sink), stacks_(stacks) {}

  void begin_what() { out_ << "  <what>"; }
  void end_what() { out_ << "</what>\n"; }
  void begin_more() { out_ << "  <auxwhat>"; }
  void end_more() { out_ << "</auxwhat>\n"; }
  void end_before_stack() { end_more(); }
  void stack(StackId stack) { out_ << "  <stack>\n" << stacks_->of(stack) << "  </stack>\n"; }
  XmlWriter& operator<<(std::string_view text);
  XmlWriter& operator<<(std::uint64_t number) {
    out_ << number;
    return *this;
  }
  XmlWriter& operator<<(Hex hex) {
    out_ << hex;
    return *this;
  }
  // Writes an element on a line of its own.
  void element(std::string_view indent, std::string_view name, auto value) {
    out_ << indent << "<" << name << ">";
    *this << value;
    out_ << "</" << name << ">\n";
  }
  void place(std::string_view indent, const Place& place, const Places& places) {
    if (place.file == 0) return;
    element(indent, "file", places.text(place.file));
    element(indent, "offset", place.offset);
  }
  void line(std::string_view markup) { out_ << markup << "\n"; }

 private:
  Formatter out_;
  const StackWords* stacks_;
};

// Escapes markup, and writes "?" for control characters, which XML cannot hold at all.
XmlWriter& XmlWriter::operator<<(std::string_view text) {
  for (const char& c : text) {
    switch (c) {
    case '<': out_ << "&lt;"; break;
    case '>': out_ << "&gt;"; break;
    case '&': out_ << "&amp;"; break;
    default:
      const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\t';
      out_ << (is_control ? std::string_view("?") : std::string_view(&c, 1));
    }
  }
  return *this;
}

// RETURNS: whether findings of this kind have a state.
bool has_state(FindingKind kind) {
  switch (kind) {
  case FindingKind::NotPersisted:
  case FindingKind::RedundantFlush:
  case FindingKind::Overwritten:
  case FindingKind::NotDurable:
  case FindingKind::OutOfOrder: return true;
  case FindingKind::OutsideTransaction:
  case FindingKind::TransactionOverlap:
  case FindingKind::ActiveTransaction:
  case FindingKind::UnnecessaryFlush: return false;
  }
  return false;
}

void write_facts(XmlWriter& xml, const Group& group, const Places& places) {
  const Finding& f = group.first;
  constexpr std::string_view kIndent = "    ";
  xml.line("  <pmemcheck>");
  const bool is_transaction = f.kind == FindingKind::ActiveTransaction;
  if (!is_transaction) {
    xml.element(kIndent, "address", Hex{f.bytes.begin});
    xml.element(kIndent, "size", f.bytes.size());
  }
  if (has_state(f.kind)) xml.element(kIndent, "state", word_for(f.state));
  xml.place(kIndent, f.place, places);
  if (f.place.name != 0) {
    xml.element(kIndent, "name", places.text(f.place.name));
    xml.element(kIndent, "nameoffset", f.place.offset_in_name);
  }
  if (is_transaction || f.kind == FindingKind::TransactionOverlap)
    xml.element(kIndent, "transaction", f.transaction);
  if (is_transaction) xml.element(kIndent, "nesting", std::uint64_t{f.nesting});
  if (group.count > 1) {
    xml.element(kIndent, "count", group.count);
    xml.element(kIndent, "bytes", group.bytes);
    xml.element(kIndent, "lowest", Hex{group.range.begin});
    xml.element(kIndent, "end", Hex{group.range.end});
  }
  xml.line("  </pmemcheck>");
}

}  // namespace

void write_xml_finding(Sink sink, const Group& group, const ReportWords& words) {
  const Finding& f = group.first;
  XmlWriter xml(sink, &words.stacks);
  xml.element("  ", "kind", info_of(f.kind).name);
  write_what(xml, f);
  xml.stack(f.stack);
  write_other_stacks(xml, f);
  write_more(xml, f, words.places);
  write_facts(xml, group, words.places);
}

void write_xml_mappings(Sink sink, const MappedParts& parts, const Places& places) {
  XmlWriter xml(sink, nullptr);
  constexpr std::string_view kIndent = "    ";
  xml.line("<pmem>");
  for (const MappedPart& part : parts) {
    xml.line("  <mapping>");
    xml.element(kIndent, "base", Hex{part.range.begin});
    xml.element(kIndent, "size", part.range.size());
    xml.place(kIndent, part.place, places);
    xml.line("  </mapping>");
  }
  xml.line("</pmem>");
  xml.line("");
}

}  // namespace pmemcheck
