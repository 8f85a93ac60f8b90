/// YAML as a plain tree; the only place that knows yaml-cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/source_text.hpp"

namespace vcengine {

struct YamlEntry;

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string text;     ///< of a scalar
  bool quoted = false;  ///< a scalar in quotes, or a block of text (`|`)
  Place place;
  std::vector<YamlNode> items;     ///< of a sequence
  std::vector<YamlEntry> entries;  ///< of a map, in the order of the file, duplicates too
};

struct YamlEntry {
  YamlNode key, value;
};

/// Throws CircuitError with the first error of syntax. Anchors are expanded, within a limit.
YamlNode parse_yaml(const SourceText& source);

/// "text", "a list", "a map", "nothing": what was found instead.
std::string kind_name(const YamlNode& node);

}  // namespace vcengine
