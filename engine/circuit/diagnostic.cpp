#include "engine/circuit/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/show/utf8.hpp"

namespace vcengine {
namespace {

/// Columns of a source line shown on either side of the caret.
constexpr std::size_t kContext = 100;
constexpr std::size_t kLongestQuote = 60;

/// The source line and a caret under `column` (in characters, from 1). The line's tabs are repeated
/// in front of the caret, so that it stays in place whatever a terminal's tab width is.
std::string with_caret(std::string_view line, std::size_t column) {
  const auto characters = split_characters(line);
  const std::size_t caret = std::min(column - 1, characters.size());
  const std::size_t begin = caret > kContext ? caret - kContext : 0;
  const std::size_t end = std::min(characters.size(), caret + kContext);

  std::string shown = begin > 0 ? "…" : "";
  std::string padding = begin > 0 ? " " : "";
  for (std::size_t i = begin; i < end; ++i) {
    shown += printable(characters[i]);
    if (i < caret) padding += characters[i] == "\t" ? "\t" : std::string(width(characters[i]), ' ');
  }
  if (end < characters.size()) shown += "…";
  return shown + '\n' + padding + '^';
}

auto position(const Diagnostic& diagnostic) {
  return std::tuple(diagnostic.place.line, diagnostic.place.column);
}

Diagnostics only(Diagnostic diagnostic) {
  Diagnostics result;
  result.add(std::move(diagnostic));
  return result;
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
  std::string text = printable_text(diagnostic.file.string());
  const auto [line, column] = diagnostic.place;
  if (line > 0) text += ':' + std::to_string(line);
  if (line > 0 && column > 0) text += ':' + std::to_string(column);
  text += diagnostic.severity == Severity::warning ? ": warning: " : ": ";
  text += printable_text(diagnostic.message);
  if (line > 0 && column > 0 && !diagnostic.line_text.empty()) {
    text += '\n' + with_caret(diagnostic.line_text, static_cast<std::size_t>(column));
  }
  return text;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (all_.size() >= kMost) {
    ++left_out_;
    return;
  }
  const auto later = [](const Diagnostic& a, const Diagnostic& b) {
    return position(a) < position(b);
  };
  all_.insert(std::upper_bound(all_.begin(), all_.end(), diagnostic, later), std::move(diagnostic));
}

std::string to_string(const Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics.all_) {
    if (!text.empty()) text += '\n';
    text += to_string(diagnostic);
  }
  if (diagnostics.left_out_ > 0) {
    text += "\n… and " + std::to_string(diagnostics.left_out_) + " more";
  }
  return text;
}

CircuitError::CircuitError(Diagnostics diagnostics)
    : std::runtime_error(to_string(diagnostics)), diagnostics_(std::move(diagnostics)) {}

CircuitError::CircuitError(Diagnostic diagnostic) : CircuitError(only(std::move(diagnostic))) {}

std::string in_quotes(std::string_view text) {
  const auto characters = split_characters(text);
  if (characters.size() <= kLongestQuote) return '\'' + std::string(text) + '\'';
  std::string clipped;
  for (std::size_t i = 0; i < kLongestQuote; ++i) clipped += characters[i];
  return '\'' + clipped + "…'";
}

}  // namespace vcengine
