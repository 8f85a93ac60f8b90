#include "engine/show/utf8.hpp"

#include <algorithm>
#include <array>

namespace vcengine {
namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t size = 0;  ///< in bytes; 0: not UTF-8
};

/// The code point at the start of `text`; RFC 3629: no overlong forms, no surrogates.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

struct Range {
  char32_t first, last;
};

template <std::size_t kSize>
bool is_in(const std::array<Range, kSize>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](Range range) { return code >= range.first && code <= range.last; });
}

// The blocks of Unicode 15 that matter in practice, not its whole tables: a caret that is a column
// off under a rare script is no harm.
constexpr std::array<Range, 4> kZeroWidth{
    {{0x300, 0x36F}, {0x200B, 0x200D}, {0xFE00, 0xFE0F}, {0x20D0, 0x20FF}}};
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 6> kSteering{{{0x00, 0x08},
                                          {0x0A, 0x1F},
                                          {0x7F, 0x9F},
                                          {0x2028, 0x202E},
                                          {0x2066, 0x2069},
                                          {0xFEFF, 0xFEFF}}};

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto size = decode(text.substr(at)).size;
    if (size == 0) return at;
    at += size;
  }
  return std::nullopt;
}

std::vector<std::string_view> split_characters(std::string_view text) {
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    const auto size = std::max<std::size_t>(1, decode(text).size);
    characters.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return characters;
}

std::size_t count_characters(std::string_view text) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts));
}

std::size_t width(std::string_view character) {
  const auto code = decode(character).code;
  return is_in(kZeroWidth, code) ? 0 : is_in(kWide, code) ? 2 : 1;
}

std::string_view printable(std::string_view character) {
  const auto [code, size] = decode(character);
  return size == 0 || is_in(kSteering, code) ? "?" : character;
}

std::string printable_text(std::string_view text) {
  std::string result;
  for (const auto character : split_characters(text)) result += printable(character);
  return result;
}

}  // namespace vcengine
