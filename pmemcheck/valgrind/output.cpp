// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/output.h"

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::output {

namespace {

using EndLine = void (*)();
constinit EndLine g_end_line = nullptr;  // ends the line of the text log; null without one

// Prints the text in pieces that end in a 0, as Valgrind requires.
void in_pieces(std::string_view text, auto print) {
  char piece[2049];
  while (!text.empty()) {
    const std::size_t bytes = text.size() < sizeof piece ? text.size() : sizeof piece - 1;
    VG_(memcpy)(piece, text.data(), bytes);
    piece[bytes] = 0;
    print(piece);
    text.remove_prefix(bytes);
  }
}

void write_log(void*, std::string_view text) {
  in_pieces(text, [](const char* piece) { VG_(umsg)("%s", piece); });
}

void write_gdb(void*, std::string_view text) {
  in_pieces(text, [](const char* piece) { VG_(gdb_printf)("%s", piece); });
}

void write_plain(void*, std::string_view text) {
  in_pieces(text, [](const char* piece) { VG_(printf)("%s", piece); });
}

void write_xml(void*, std::string_view text) {
  in_pieces(text, [](const char* piece) { VG_(printf_xml)("%s", piece); });
}

}  // namespace

Sink log() {
  if (g_end_line != nullptr) g_end_line();
  return Sink(write_log, nullptr);
}

Sink log_with_open_lines(void (*end_line)()) {
  g_end_line = end_line;
  return Sink(write_log, nullptr);
}

Sink gdb() {
  return Sink(write_gdb, nullptr);
}

Sink plain() {
  return Sink(write_plain, nullptr);
}

Sink xml() {
  return Sink(write_xml, nullptr);
}

void Buffer::append(void* self, std::string_view text) {
  auto& b = *static_cast<Buffer*>(self);
  for (const char c : text)
    if (b.used_ + 1 < b.bytes_) b.text_[b.used_++] = c;
  b.text_[b.used_] = 0;
}

}  // namespace pmemcheck::output
