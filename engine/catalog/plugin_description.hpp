#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

/// Why a file is of no use as a plugin; says when it is worth trying again.
enum class PluginFault : std::uint8_t {
  none,
  in_file,  ///< not before the file changes: no library, another ABI, a name registered twice
  in_surroundings,  ///< at once: a library it needs is missing, a constructor threw
  in_run,           ///< later: it crashed or hung, perhaps for want of memory or of a device
};

/// What a plugin file turned out to hold.
struct PluginDescription {
  std::vector<BlockInfo> types;  ///< in the order of registration; empty if there is a fault
  PluginFault fault = PluginFault::none;
  std::string problem;  ///< goes behind the file's name: "was built for ABI 999, this is ABI 1: …"

  friend bool operator==(const PluginDescription&, const PluginDescription&) = default;
};

}  // namespace vcengine
