#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace vcengine {

/// It cannot be worked on; the text says why and what to do.
class ProjectError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A folder with the sources of blocks, and the circuit to try them in.
struct Project {
  std::filesystem::path folder;   ///< absolute
  std::filesystem::path circuit;  ///< empty: none is run
  std::string why_no_circuit;     ///< if none was named

  std::filesystem::path build() const { return folder / "build"; }
  std::filesystem::path test_results() const { return build() / "Testing/vcengine-dev.xml"; }
  bool is_configured() const;

  std::vector<std::string> configure_command() const;
  std::vector<std::string> build_command() const;
  std::vector<std::string> test_command() const;
};

/// Without a name, the circuit is the folder's only one. Throws ProjectError; also for programs
/// that are not installed.
Project open_project(const std::filesystem::path& folder, const std::filesystem::path& circuit);

}  // namespace vcengine
