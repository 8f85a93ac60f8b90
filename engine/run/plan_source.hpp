/// Where a run finds its circuit as it is now: on disk.
#pragma once

#include <filesystem>
#include <optional>

#include "engine/circuit/plan.hpp"

namespace vcengine {

class PlanSource {
 public:
  virtual ~PlanSource() = default;

  // Both are called on other threads, one at a time, and throw std::exception with all that is
  // wrong, for people.

  /// With the circuit file and the plugins as they are now.
  virtual Plan read_again() = 0;
  /// With the circuit as it was read last, and the plugins as they are now; with the types of
  /// `plugin` from that file, whatever the folders have.
  virtual Plan check_again(const std::optional<std::filesystem::path>& plugin) = 0;
};

}  // namespace vcengine
