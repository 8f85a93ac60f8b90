#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/circuit/node_reader.hpp"

namespace vcengine {

/// A duration with its unit, such as 15ms; "0" needs none, where it may be zero. Nothing: reported.
std::optional<std::chrono::nanoseconds> read_duration(const YamlNode& node, const std::string& key,
                                                      bool may_be_zero, NodeReader& reader);

}  // namespace vcengine
