/// What is in a plugin, without loading it into this process: a short-lived worker looks. [host]
#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/catalog/plugin_description.hpp"
#include "engine/circuit/environment.hpp"
#include "engine/process/child_process.hpp"

namespace vcengine {

/// Starts `vcengine-worker --describe FILE`, which answers with one PluginDescription as JSON on
/// descriptor 3, and turns every other ending into words: crash, silence, garbage, too much.
class Describer {
 public:
  explicit Describer(std::filesystem::path worker, std::chrono::milliseconds timeout = kTimeout,
                     RunChildren run = run_children);

  static constexpr std::chrono::milliseconds kTimeout{10'000};

  /// kTimeout, or what VCENGINE_DESCRIBE_TIMEOUT_MS says if it is a positive number.
  static std::chrono::milliseconds timeout_from(const Environment& environment);

  /// One description a file, in their order; several processes at a time.
  std::vector<PluginDescription> describe(std::span<const std::filesystem::path> files) const;

  /// One type as it is with these settings. The plugin's only type, or a fault.
  PluginDescription describe(const std::filesystem::path& file, std::string_view type,
                             std::span<const std::pair<std::string, ParamValue>> params) const;

 private:
  ChildCommand command(const std::filesystem::path& file) const;
  PluginDescription read(const ChildResult& result) const;

  std::filesystem::path worker_;
  ChildLimits limits_;
  RunChildren run_;
};

}  // namespace vcengine
