/// A test of a circuit whose block test.build is built again while it runs.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

class RebuiltTest : public ControlledTest {
 protected:
  void SetUp() override {
    adopt_orphans();
    std::filesystem::create_directory(folder() / "plugins");
    use_build(1);
  }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  static std::filesystem::path plugin(int build) {
    return build_folder() / "tests/processes/builds" / std::to_string(build) / "test_build.so";
  }
  /// Puts a build into the circuit's plugin folder, as a linker does: in the place of the old file.
  void use_build(int build) const {
    const auto fresh = folder() / "fresh.so";
    std::filesystem::copy_file(plugin(build), fresh);
    std::filesystem::rename(fresh, folder() / "plugins/test_build.so");
  }

  /// Numbers through test.build, recorded.
  std::string numbers(std::string_view of_build = "", std::string_view output = "out",
                      std::string_view more = "") const {
    return circuit(
        "circuit: swapped\nblocks:\n"
        "  count: {type: core.counter, rate: 1000}\n"
        "  build: {type: test.build" +
        std::string(of_build) +
        "}\n"
        "  sink: {type: test.recorder}\n" +
        std::string(more) + "wires: [count.number -> build.in, build." + std::string(output) +
        " -> sink.in]\n");
  }
  Process start(const std::string& file, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{file, "--plugins", (folder() / "plugins").string(),
                                       "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Process(host(std::move(arguments)));
  }
  void wait_for_frames(std::size_t more) const {
    const auto seen = recorded("recorded.txt").size();
    EXPECT_TRUE(eventually([&] { return recorded("recorded.txt").size() >= seen + more; }));
  }
  /// A block that is paused in the middle of a frame, waiting for room, ends that one when room
  /// comes. After this it stands between two. Gives how many it has done.
  std::int64_t step_between_frames(const std::string& block) const {
    EXPECT_TRUE(eventually([&] {
      const auto step = tool({"step", block});
      return step.status == 0 && step.output.find("still wait") == std::string::npos;
    }));
    return frames(block);
  }
  Report stop(Process& host) const {
    expect_done({"stop"});
    EXPECT_EQ(0, host.wait()) << host.errors();
    return parse_report(host.output());
  }

  std::vector<std::int64_t> values() const {
    std::vector<std::int64_t> values;
    for (const auto& line : recorded("recorded.txt")) {
      values.push_back(std::stoll(line.substr(line.rfind(' ') + 1)));
    }
    return values;
  }
  /// Which build made the frames, one after the other: "1 2 1". Fails if one is missing, or there
  /// twice.
  std::string builds() const {
    std::string builds;
    std::int64_t next = 1;
    for (const auto value : values()) {
      EXPECT_EQ(next++, value / 10);
      const auto build = std::to_string(value % 10);
      if (!builds.ends_with(build)) builds += (builds.empty() ? "" : " ") + build;
    }
    return builds;
  }
};

}  // namespace vcengine::test
