/// Uses vcengine as it is installed somewhere, the way a user's shell would.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class InstalledTest : public HostTest {
 protected:
  /// `argv` with the programs of `prefix` on the PATH and its packages found by CMake, and with
  /// nothing else that would lead to vcengine. HOME is a folder of the test's own.
  Command with(const std::filesystem::path& prefix, std::vector<std::string> argv) const {
    auto command = host({});
    command.argv = std::move(argv);
    // env looks for the program on the PATH of below, and not on ours.
    command.argv.insert(command.argv.begin(), "env");
    command.folder = folder();
    const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    command.environment["PATH"] =
        (prefix / "bin").string() + ":" + (path != nullptr ? path : "/usr/bin:/bin");
    command.environment["CMAKE_PREFIX_PATH"] = prefix.string();
    for (const auto* name : {"VCENGINE_PLUGIN_PATH", "XDG_CACHE_HOME", "CMAKE_INSTALL_PREFIX",
                             "CMAKE_GENERATOR", "CMAKE_BUILD_TYPE", "DESTDIR", "CXXFLAGS"}) {
      command.environment[name] = std::nullopt;
    }
    return command;
  }

  /// Runs it and expects status 0; what it wrote to stdout.
  static std::string output_of(const Command& command) {
    const auto result = run(command);
    EXPECT_EQ(0, result.status) << result.output << result.errors;
    return result.output;
  }
};

}  // namespace vcengine::test
