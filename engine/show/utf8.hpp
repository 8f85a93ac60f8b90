/// UTF-8 as far as messages need it: characters, their width on a terminal, and which are harmless.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

/// Offset of the first byte that is not part of valid UTF-8, if any.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// One view a code point; a byte that belongs to none stands alone.
std::vector<std::string_view> split_characters(std::string_view text);

/// How many those are, of valid UTF-8.
std::size_t count_characters(std::string_view text);

/// Columns that a terminal gives a character: 0 for combining marks, 2 for wide ones.
std::size_t width(std::string_view character);

/// The character itself, or "?" where it would steer the terminal (control characters but the tab,
/// marks that reverse the direction of writing) or is not UTF-8.
std::string_view printable(std::string_view character);
std::string printable_text(std::string_view text);

}  // namespace vcengine
