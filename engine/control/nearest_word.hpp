/// "Did you mean …?"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

/// The word that `typed` was most likely meant to be, if one is near enough: at most one slip
/// (a letter more, less, other, or two swapped) for every three letters.
std::optional<std::string> nearest_word(std::string_view typed,
                                        const std::vector<std::string>& words);

/// "; did you mean 'low'?", or nothing.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words);

/// "a, b, c"
std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

}  // namespace vcengine
