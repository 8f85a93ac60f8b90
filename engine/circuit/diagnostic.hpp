/// Errors and warnings about a circuit file, shown as a compiler shows them: place, words, line,
/// caret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/circuit/circuit.hpp"

namespace vcengine {

enum class Severity : std::uint8_t { error, warning };

struct Diagnostic {
  std::filesystem::path
      file;  ///< as the user typed it; "--set a.b=1" for a setting of the command line
  Place place;
  std::string message;
  std::string line_text;  ///< of the file at `place`, may be empty
  Severity severity = Severity::error;
};

/// `edges.yaml:4:18: no block type …`, and below it the source line with a caret, without a final
/// newline. Whatever the file holds, nothing in the text can move a terminal's cursor or fill its
/// screen.
std::string to_string(const Diagnostic& diagnostic);

/// All that is wrong with one circuit, in the order of the file.
class Diagnostics {
 public:
  /// Beyond this many, more errors are only counted: a file of garbage is not worth a book.
  static constexpr std::size_t kMost = 100;

  void add(Diagnostic diagnostic);

  bool empty() const noexcept { return all_.empty(); }
  std::size_t size() const noexcept { return all_.size(); }
  const std::vector<Diagnostic>& all() const noexcept { return all_; }

 private:
  friend std::string to_string(const Diagnostics& diagnostics);

  std::vector<Diagnostic> all_;
  std::size_t left_out_ = 0;
};

std::string to_string(const Diagnostics& diagnostics);

/// The circuit cannot run. what() is the whole text for the user.
class CircuitError final : public std::runtime_error {
 public:
  explicit CircuitError(Diagnostics diagnostics);
  explicit CircuitError(Diagnostic diagnostic);

  const Diagnostics& diagnostics() const noexcept { return diagnostics_; }

 private:
  Diagnostics diagnostics_;
};

/// Text of a file inside a message: 'like this', clipped when it is long.
std::string in_quotes(std::string_view text);

}  // namespace vcengine
