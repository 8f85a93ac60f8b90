/// Exchanges a block of a running circuit between two builds, again and again, beside blocks that
/// use the machine: swaps --swaps 200. Says how long no frame came.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/support/control.hpp"
#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/process.hpp"
#include "tests/processes/support/report.hpp"
#include "tests/processes/support/spread.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kCircuit =
    "circuit: swaps\n"
    "blocks:\n"
    "  video:  {type: test.marked_source, rate: 200}\n"
    "  filter: {type: vision.color_filter}\n"
    "  detect: {type: vision.edge_detector}\n"
    "  colors: {type: core.null}\n"
    "  edges:  {type: core.null}\n"
    "  count:  {type: core.counter, rate: 1000}\n"
    "  build:  {type: test.build}\n"
    "  watch:  {type: test.build_watch}\n"
    "wires:\n"
    "  - video.frames -> filter.image\n"
    "  - video.frames -> detect.image\n"
    "  - filter.filtered -> colors.in\n"
    "  - detect.edges -> edges.in\n"
    "  - count.number -> build.in\n"
    "  - build.out -> watch.in\n";

std::filesystem::path plugin(int build) {
  return build_folder() / "tests/processes/builds" / std::to_string(build) / "test_build.so";
}

/// The n-th exchange of the builds that the watch has seen.
struct Change {
  int build = 0;
  double pause_ms = 0;
};

struct Seen {
  std::vector<Change> changes;
  std::vector<std::string> wrong;
};

Seen seen_in(const std::filesystem::path& file) {
  Seen seen;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("build ")) {
      seen.wrong.push_back(line);
      continue;
    }
    seen.changes.push_back(
        {.build = line.at(6) - '0', .pause_ms = std::stod(line.substr(8)) / 1e6});
  }
  return seen;
}

void print_pauses(const std::vector<Change>& changes) {
  std::vector<double> pauses;
  for (std::size_t i = 1; i < changes.size(); ++i) pauses.push_back(changes[i].pause_ms);
  fmt::print("{} exchanges; no frame came for {}\n", pauses.size(), spread_of(pauses));
}

int run_all(std::size_t swaps) {
  adopt_orphans();
  const TemporaryFolder folder;
  const auto file = folder.write("circuit.yaml", kCircuit).string();
  const auto first = plugin(1).parent_path().string();
  Process host(host_command(folder.path(), {file, "--plugins", first, "--json"}));
  const auto watched = folder.path() / "builds.txt";
  auto client = client_of(folder.path());
  for (std::size_t done = 0; done < swaps; ++done) {
    host.wait_until([&] { return seen_in(watched).changes.size() == done + 1; },
                    "frames of the new build");
    client.ask(
        {{"op", "swap"}, {"block", "build"}, {"plugin", plugin(done % 2 == 0 ? 2 : 1).string()}});
  }
  host.wait_until([&] { return seen_in(watched).changes.size() == swaps + 1; }, "the last frames");
  client.ask({{"op", "stop"}});
  auto seen = seen_in(watched);
  if (host.wait() != 0) seen.wrong.push_back(host.errors());
  for (const auto& [name, wire] : parse_report(host.output()).wires) {
    if (wire.dropped_in_all() != 0 ||
        wire.published != wire.taken + wire.dropped_in_all() + wire.in_flight) {
      seen.wrong.push_back("the account of " + name);
    }
  }
  if (!eventually(no_children_left)) seen.wrong.emplace_back("processes were left");
  print_pauses(seen.changes);
  for (const auto& what : seen.wrong) fmt::print("WRONG: {}\n", what);
  return seen.wrong.empty() ? 0 : 1;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  CLI::App app{"Exchanges a block of a running circuit between two builds"};
  std::size_t swaps = 20;
  app.add_option("--swaps", swaps, "How often")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return vcengine::test::run_all(swaps);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
