#include "tools/common/spec_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "tools/common/refusal.hpp"

namespace vcengine {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// Lengths only: what matters is that readers of the files do not stumble.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
    }
    i += length;
  }
  return true;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string word(text);
  for (auto& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

std::vector<std::string_view> split_spec(std::string_view spec) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < spec.size(); ++i) {
    if (spec[i] != ':') continue;
    if (spec.substr(i, 2) == "::" && lower(spec.substr(0, i)).ends_with("std")) {
      ++i;
      continue;
    }
    parts.push_back(spec.substr(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(spec.substr(begin));
  return parts;
}

void require_plain_text(std::string_view text, std::string_view what) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  };
  if (std::ranges::any_of(text, is_control)) {
    throw Refusal(fmt::format("{} is one line without tabs and other control characters", what));
  }
  if (!is_utf8(text)) throw Refusal(fmt::format("{} is no UTF-8", what));
}

std::string cpp_text(std::string_view text) {
  // Trigraphs are gone from C++, but GCC still warns of them.
  return replaced(quoted(text), "??", "?\\?");
}

std::string yaml_text(std::string_view text) {
  return quoted(replaced(std::string(text), "${", "$${"));
}

std::string markdown_cell(std::string_view text) { return replaced(std::string(text), "|", "\\|"); }

std::string shell_word(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+=,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string(text);
  return "'" + replaced(std::string(text), "'", "'\\''") + "'";
}

}  // namespace vcengine
