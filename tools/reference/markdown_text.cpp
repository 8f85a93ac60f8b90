#include "tools/reference/markdown_text.hpp"

#include <algorithm>
#include <cstddef>

#include "tools/common/spec_text.hpp"
#include "tools/reference/plain_text.hpp"

namespace vcengine {
namespace {

/// With a meaning wherever they stand; '$' begins a formula on GitHub.
constexpr std::string_view kSpecial = "\\`*_[]<>|~&$";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Within a word, '_' is no emphasis: names stay as they are.
bool is_within_word(std::string_view line, std::size_t i) {
  return line[i] == '_' && i > 0 && i + 1 < line.size() && is_alphanumeric(line[i - 1]) &&
         is_alphanumeric(line[i + 1]);
}

bool is_special(std::string_view line, std::size_t i) {
  return kSpecial.find(line[i]) != std::string_view::npos && !is_within_word(line, i);
}

/// Where a backslash stops the beginning from being read as a list or heading; npos: nowhere.
std::size_t risky_beginning(std::string_view line) {
  if (line.empty()) return std::string_view::npos;
  if (std::string_view("#+-=").find(line.front()) != std::string_view::npos) return 0;
  const auto digits =
      static_cast<std::size_t>(std::ranges::find_if_not(line, is_digit) - line.begin());
  const bool numbered =
      digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
  return numbered ? digits : std::string_view::npos;
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string markdown(std::string_view text) {
  const auto line = plain_line(text);
  const auto risky = risky_beginning(line);
  std::string escaped;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (i == risky || is_special(line, i)) escaped += '\\';
    escaped += line[i];
  }
  return escaped;
}

std::string markdown_sentence(std::string_view text) {
  const auto line = plain_line(text);
  if (line.empty()) return {};
  const bool ended =
      std::string_view(".!?:;").find(line.back()) != std::string_view::npos || line.ends_with("…");
  return markdown(line) + (ended ? "" : ".");
}

std::string markdown_code(std::string_view text) {
  auto line = plain_line(text);
  if (line.empty()) return {};
  const auto fence = std::string(longest_run(line, '`') + 1, '`');
  if (line.front() == '`' || line.back() == '`') line = ' ' + line + ' ';
  return fence + markdown_cell(line) + fence;  // a table looks for '|' even within code
}

}  // namespace vcengine
