/// The text of a circuit file, read with care: it may be anything but a circuit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/diagnostic.hpp"

namespace vcengine {

struct SourceText {
  std::filesystem::path file;  ///< as the user typed it
  std::string text;            ///< valid UTF-8 without a byte order mark, lines ended by '\n'
  std::vector<std::string> lines;

  /// An error at a place of this text.
  Diagnostic error_at(Place place, std::string message) const;

  /// The place of a byte, counted in bytes from 0 within its line, as parsers do.
  Place place(std::size_t line, std::size_t byte) const;
};

/// Reads a file of at most 4 MiB; throws CircuitError in words for what is missing, a folder,
/// unreadable, too large, or no text.
SourceText read_source(const std::filesystem::path& file);

/// The same for text that is at hand already.
SourceText make_source(std::string text, std::filesystem::path file);

}  // namespace vcengine
