/// What the process of one block may use of the machine, and what it finds around it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vcengine {

struct Resources {
  std::vector<int> cores;                  ///< it may run on, ascending; none: those of the host
  std::optional<int> nice;                 ///< none: as the host
  std::optional<std::uint64_t> memory;     ///< bytes of its own it may have; none: no limit
  std::map<std::string, std::string> env;  ///< set beside what the host has, or in place of it
  std::filesystem::path cwd;               ///< absolute; empty: as the host

  bool empty() const { return cores.empty() && !nice && !memory && env.empty() && cwd.empty(); }

  friend bool operator==(const Resources&, const Resources&) = default;
};

}  // namespace vcengine
