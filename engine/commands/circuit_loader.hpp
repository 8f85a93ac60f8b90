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
#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/plan.hpp"
#include "engine/run/plan_source.hpp"

namespace vcengine {

/// Takes lines for the user, each ended.
using ReportWarnings = std::function<void(std::string_view)>;

class CircuitLoader final : public PlanSource {
 public:
  /// `settings`: "detect.low=40", over those of the file.
  CircuitLoader(std::filesystem::path file, std::vector<std::string> settings,
                std::vector<std::filesystem::path> plugin_folders, CheckOptions options);

  /// Parses and checks. Throws CircuitError; what is wrong with plugins has been reported then.
  Plan load(const ReportWarnings& report);

  Plan read_again() override;
  Plan check_again(const std::optional<std::filesystem::path>& plugin) override;

 private:
  Plan check(const Circuit& circuit, Diagnostics errors,
             const std::optional<std::filesystem::path>& plugin,
             const ReportWarnings& report) const;

  const std::filesystem::path file_;
  const std::vector<std::string> settings_;
  const std::vector<std::filesystem::path> plugin_folders_;
  const CheckOptions options_;
  Circuit circuit_;  // as it was read last
};

}  // namespace vcengine
