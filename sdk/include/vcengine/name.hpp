/// Names that circuits write. One given as a literal is checked by the compiler, any other at run
/// time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vcengine::detail {

/// Small letters, digits and '_', first a letter: "max_size".
constexpr bool is_word(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

/// Two words or more with dots between them: "vision.edge_detector".
constexpr bool is_dotted_name(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || !is_word(text.substr(0, dot))) return false;
  const auto rest = text.substr(dot + 1);
  return is_word(rest) || is_dotted_name(rest);
}

// Not constexpr: a compiler that meets one of them while it checks a literal prints its name, which
// is the message. (Clang before 16 leaves the check in a member's initialiser to run time.)
[[noreturn]] inline void a_name_has_small_letters_digits_and_underscores_as_in_max_size(
    std::string_view text) {
  throw std::invalid_argument("'" + std::string(text) +
                              "' is no name of a port or setting; a name is like 'max_size': small "
                              "letters, digits and '_'");
}
[[noreturn]] inline void a_block_type_is_named_family_dot_block_as_in_vision_blur(
    std::string_view text) {
  throw std::invalid_argument("'" + std::string(text) +
                              "' is no name of a block type; write family.block_name");
}

/// The name of a port or setting.
class Word {
 public:
  template <std::size_t N>
  consteval Word(const char (&literal)[N]) : text_(literal, N - 1) {
    if (!is_word(text_)) a_name_has_small_letters_digits_and_underscores_as_in_max_size(text_);
  }
  /// Made at run time, in declare(); describing the block refuses a bad one.
  Word(std::string_view text) : text_(text) {}
  Word(const std::string& text) : text_(text) {}

  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;  // of an argument: lives as long as the call
};

/// The name of a block type.
class DottedName {
 public:
  template <std::size_t N>
  consteval DottedName(const char (&literal)[N]) : text_(literal, N - 1) {
    if (!is_dotted_name(text_)) a_block_type_is_named_family_dot_block_as_in_vision_blur(text_);
  }
  /// Made at run time; Registry::add refuses a bad one.
  DottedName(std::string_view text) : text_(text) {}
  DottedName(const std::string& text) : text_(text) {}

  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// False, but only once a template that says it is used: `static_assert(kNever<T>, "do …
/// instead")`.
template <class...>
inline constexpr bool kNever = false;

}  // namespace vcengine::detail
