#include "tools/common/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "tools/common/refusal.hpp"
#include "tools/common/reserved_words.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kLongestName = 48;  // with what is appended, below the host's limit of 64

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// edge_finder for "EdgeFinder", "edge-finder" or "Edge Finder": the way out, in the message.
std::string snake(std::string_view name) {
  std::string words;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !is_lower(c) && !is_digit(c)) {
      if (!words.empty() && words.back() != '_') words += '_';
      continue;
    }
    if (upper && !words.empty() && words.back() != '_') words += '_';
    if (words.empty() && is_digit(c)) continue;
    words += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (words.ends_with('_')) words.pop_back();
  return words.substr(0, kLongestName);
}

void require_word(std::string_view name, std::string_view what) {
  const bool letters =
      !name.empty() && is_lower(name.front()) &&
      std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
  const bool bars = name.ends_with('_') || name.find("__") != std::string_view::npos;
  if (letters && !bars && name.size() <= kLongestName) return;
  auto example = snake(name);
  if (example.empty() || example == name) example = "edge_finder";
  throw Refusal(fmt::format(
      "'{}' is no {}; a name is lower-case letters and digits from a letter on, with single '_' "
      "between words, {} at most: {}",
      name, what, kLongestName, example));
}

void require_free_in_cpp(std::string_view name, std::string_view what) {
  if (is_cpp_word(name)) {
    throw Refusal(fmt::format(
        "'{0}' cannot be a {1}, C++ has a meaning for it; choose another: {0}_1", name, what));
  }
}

}  // namespace

void require_block_name(std::string_view name) {
  require_word(name, "block name");
  require_free_in_cpp(name, "block name");
  if (is_cmake_target(name)) {
    throw Refusal(fmt::format(
        "'{0}' cannot be a block name, CMake needs it for a target of its own; choose another: "
        "my_{0}",
        name));
  }
}

void require_family_name(std::string_view name) { require_word(name, "family name"); }

void require_member_name(std::string_view name, std::string_view what) {
  require_word(name, what);
  require_free_in_cpp(name, what);
  if (is_block_member(name)) {
    throw Refusal(fmt::format(
        "'{0}' cannot be a {1}, every block has a function of that name; choose another: {0}_1",
        name, what));
  }
}

void require_circuit_name(std::string_view name) { require_word(name, "circuit name"); }

std::string camel(std::string_view name) {
  std::string words;
  bool first = true;
  for (const char c : name) {
    if (c != '_') words += first && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '_';
  }
  return words;
}

std::string class_name(std::string_view name) {
  auto words = camel(name);
  return std::ranges::any_of(words, is_lower) ? words : words + "Block";
}

std::string unique_name(std::string wish, std::set<std::string>& taken) {
  auto name = wish;
  for (int number = 2; !taken.insert(name).second; ++number) {
    name = fmt::format("{}_{}", wish, number);
  }
  return name;
}

std::string circuit_block_name(std::string_view wish, std::set<std::string>& taken) {
  return unique_name(is_yaml_word(wish) ? fmt::format("{}_block", wish) : std::string(wish), taken);
}

}  // namespace vcengine
