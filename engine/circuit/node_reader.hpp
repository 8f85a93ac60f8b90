/// Reads values out of a YAML tree and collects what is wrong with them, so that one run of the
/// parser finds all errors. A function that returns nothing has reported why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/environment.hpp"
#include "engine/circuit/source_text.hpp"
#include "engine/circuit/yaml_document.hpp"

namespace vcengine {

class NodeReader {
 public:
  NodeReader(const SourceText& source, const Environment& environment, Diagnostics& errors)
      : source_(source), environment_(environment), errors_(errors) {}

  void error(Place place, std::string message);
  /// So that what follows from another error need not be reported too.
  std::size_t error_count() const noexcept { return errors_.size(); }

  /// The text of a scalar, `${…}` replaced. `what`: "'rate'", for messages; `example` completes
  /// "must be …".
  std::optional<std::string> text(const YamlNode& node, std::string_view what,
                                  std::string_view example);
  /// Above 0.
  std::optional<double> positive(const YamlNode& node, std::string_view what, std::int64_t most);
  std::optional<std::int64_t> integer(const YamlNode& node, std::string_view what,
                                      std::int64_t least, std::int64_t most);
  std::optional<bool> boolean(const YamlNode& node, std::string_view what);
  /// Which of a few words the setting `key` says.
  std::optional<std::size_t> word(const YamlNode& node, const std::string& key,
                                  const std::vector<std::string>& words);
  /// [a-z][a-z0-9_]*
  bool require_name(const std::string& name, Place place);

  /// The entries of a map, without those whose key is no text or is there already. A missing value
  /// counts as an empty map.
  std::vector<const YamlEntry*> entries(const YamlNode& node, std::string_view what,
                                        std::string_view example);
  /// The same, without those whose key is not one of `known`.
  std::vector<const YamlEntry*> entries(const YamlNode& node, std::string_view what,
                                        std::string_view example,
                                        const std::vector<std::string>& known);

  /// Where the part of a scalar begins that starts at `offset` of its text.
  Place place_inside(const YamlNode& scalar, std::size_t offset, std::string_view part) const;

 private:
  const SourceText& source_;
  const Environment& environment_;
  Diagnostics& errors_;
};

}  // namespace vcengine
