/// A test of a circuit that is controlled while it runs.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/processes/support/control.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

class ControlledTest : public HostTest {
 protected:
  /// Of `vcengine WORD …`.
  Result tool(std::vector<std::string> arguments) const { return run_host(std::move(arguments)); }
  /// The same, to be done.
  void expect_done(std::vector<std::string> arguments) const {
    const auto result = tool(std::move(arguments));
    EXPECT_EQ(0, result.status) << result.errors;
  }
  /// The same, to be refused with these words.
  void expect_refused(std::vector<std::string> arguments, std::string_view words) const {
    const auto result = tool(std::move(arguments));
    EXPECT_EQ(2, result.status) << result.output;
    EXPECT_TRUE(contains(result.errors, words));
  }

  void wait_until_running() const {
    auto client = client_of(folder());
    EXPECT_TRUE(eventually([&] {
      return text_of(client.ask({{"op", "status"}}), "state") == "running";
    }));
  }

  /// The figures of a running circuit.
  Report figures_now() const {
    const auto answer = client_of(folder()).ask({{"op", "stats"}});
    return parse_report(to_text(member(answer, "stats")));
  }
  std::int64_t frames(const std::string& block) const {
    return figures_now().blocks.at(block).frames;
  }

  /// For a test.latch of that name: it is at one frame until it may go on.
  void shut() const { std::ofstream(folder() / "shut") << "\n"; }
  void open() const { std::filesystem::remove(folder() / "shut"); }
  /// Until it is at a frame that it does not get rid of.
  void wait_until_latched() const {
    std::int64_t seen = -1;
    EXPECT_TRUE(eventually([&] {
      const auto figures = figures_now();
      const auto taken = figures.wires.at("latch.in").taken;
      const bool at_one = taken == figures.blocks.at("latch").frames + 1;
      return std::exchange(seen, taken) == taken && at_one;
    }));
  }

  /// What `vcengine get` says of one setting.
  std::string value_of(const std::string& setting) const {
    const auto dot = setting.find('.');
    const auto answer = client_of(folder()).ask(
        {{"op", "get"}, {"block", setting.substr(0, dot)}, {"param", setting.substr(dot + 1)}});
    return text_of(object_of(array_of(answer, "settings").at(0), "setting"), "text");
  }
};

}  // namespace vcengine::test
