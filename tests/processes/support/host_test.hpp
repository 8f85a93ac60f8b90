/// What the tests of the real host share: where it is, a folder for each test, circuits written
/// there.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/process.hpp"
#include "tests/processes/support/report.hpp"

namespace vcengine::test {

std::filesystem::path source_folder();  ///< of the project
std::filesystem::path build_folder();
std::filesystem::path host_program();
std::filesystem::path footage(std::string_view file);  ///< VCENGINE_FOOTAGE, or below the source
std::filesystem::path misbehaving(std::string_view plugin);  ///< the folder of this one plugin

std::vector<std::string> lines_of(std::string_view text);

/// Fails with all of `text` in the message.
::testing::AssertionResult contains(std::string_view text, std::string_view part);

/// The host, with the blocks of tests/processes/plugins: no display, `folder` as its home. The
/// catalog cache alone is shared by all tests, in the build folder: describing the plugins anew
/// would cost each test a second.
Command host_command(const std::filesystem::path& folder, std::vector<std::string> arguments);

/// With a home and a runtime folder of the test's own.
class HostTest : public ::testing::Test {
 protected:
  const std::filesystem::path& folder() const { return folder_.path(); }

  /// Writes a circuit file into the test's folder.
  std::string circuit(std::string_view text, const std::string& name = "circuit.yaml") const {
    return folder_.write(name, text).string();
  }

  Command host(std::vector<std::string> arguments) const {
    return host_command(folder(), std::move(arguments));
  }

  /// Runs the host to its end.
  Result run_host(std::vector<std::string> arguments) const {
    return run(host(std::move(arguments)));
  }

  /// The process of a block; 0: none is seen just now.
  static pid_t worker(const Process& host, std::string_view block) {
    for (const auto& worker : workers_of(host.pid())) {
      if (worker.name.ends_with("/" + std::string(block))) return worker.pid;
    }
    return 0;
  }
  /// The same, of one that is there or will be: to a 0, kill() would signal all of the test.
  static pid_t await_worker(Process& host, std::string_view block) {
    pid_t pid = 0;
    host.wait_until([&] { return (pid = worker(host, block)) != 0; }, "its process");
    return pid;
  }

  /// Runs a circuit with --json and expects status 0.
  Report figures_of(std::vector<std::string> arguments) const;

  /// What a test.recorder wrote: one line a frame.
  std::vector<std::string> recorded(const std::string& file) const {
    return lines_of(read_file(folder() / file));
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace vcengine::test
