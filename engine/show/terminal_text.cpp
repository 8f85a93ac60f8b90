#include "engine/show/terminal_text.hpp"

#include <algorithm>

#include "engine/show/utf8.hpp"

namespace vcengine {

namespace {

/// Bytes of the sequence "ESC [ digits and semicolons m" at the start of `text`; 0 if it is none.
std::size_t colour_bytes(std::string_view text) {
  if (!text.starts_with("\033[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (const std::string_view character : split_characters(text)) columns += width(character);
  return columns;
}

std::string truncate_to_width(std::string_view text, std::size_t columns, Glyphs glyphs) {
  if (display_width(text) <= columns) return std::string(text);
  const std::string_view ellipsis = glyphs == Glyphs::utf8 ? "…" : "...";
  const std::size_t needed = display_width(ellipsis);
  if (columns < needed) return std::string(columns, '.');
  std::string kept;
  std::size_t used = needed;
  for (const std::string_view character : split_characters(text)) {
    used += width(character);
    if (used > columns) break;
    kept += character;
  }
  return kept.append(ellipsis);
}

std::string one_terminal_line(std::string_view text) {
  std::string line;
  bool coloured = false;
  while (!text.empty()) {
    // Up to the next escape, which may begin a colour.
    const std::size_t plain = std::min(text.find('\033'), text.size());
    line += printable_text(text.substr(0, plain));
    text.remove_prefix(plain);
    if (const std::size_t colour = colour_bytes(text); colour > 0) {
      coloured = true;
      line += text.substr(0, colour);
      text.remove_prefix(colour);
    } else if (!text.empty()) {
      line += '?';
      text.remove_prefix(1);
    }
  }
  return coloured ? line + "\033[0m" : line;
}

}  // namespace vcengine
