/// A circuit file and what the command line says beside it: from there to a plan, once or, while
/// its circuit runs, again.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/circuit_check.hpp"
#include "engine/circuit/plan.hpp"

namespace vcengine {

/// Takes lines for the user, each ended.
using ReportWarnings = std::function<void(std::string_view)>;

class CircuitLoader {
 public:
  /// `settings`: "detect.low=40", over those of the file.
  CircuitLoader(std::filesystem::path file, std::vector<std::string> settings,
                std::vector<std::filesystem::path> plugin_folders, CheckOptions options);

  /// Parses and checks. Throws CircuitError; what is wrong with plugins has been reported then.
  Plan load(const ReportWarnings& report);

  /// Checks what was read last once more, with the plugins as they are now; with the types of
  /// `plugin` from that file, whatever the folders have. Throws CircuitError; std::runtime_error
  /// with what is wrong with the plugin.
  Plan check_again(const std::optional<std::filesystem::path>& plugin) const;

 private:
  const std::filesystem::path file_;
  const std::vector<std::string> settings_;
  const std::vector<std::filesystem::path> plugin_folders_;
  const CheckOptions options_;
  Circuit circuit_;  // of the last load()
};

}  // namespace vcengine
