#include "engine/control/nearest_word.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace vcengine {
namespace {

/// Longer words are never names; the distance below is quadratic in the length.
constexpr std::size_t kLongest = 128;

/// Optimal string alignment: Levenshtein's distance with swaps of neighbours. Three rows of the
/// table are enough, as a swap looks two rows back.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + other});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed,
                                        const std::vector<std::string>& words) {
  if (typed.size() > kLongest) return std::nullopt;
  std::optional<std::string> nearest;
  std::size_t least = kLongest;
  for (const auto& word : words) {
    if (word.size() > kLongest) continue;
    const auto length = std::max(typed.size(), word.size());
    const auto found = distance(typed, word);
    // A single letter is one slip away from any other: that is no likeness.
    if (found < least && found <= std::max<std::size_t>(1, length / 3) && found < length) {
      least = found;
      nearest = word;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words) {
  const auto nearest = nearest_word(typed, words);
  return nearest ? "; did you mean '" + *nearest + "'?" : "";
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace vcengine
