/// Does to the blocks of a running circuit whatever a day can bring, again and again: they are
/// killed, stopped, crash, exit, hang, throw and run out of memory, are exchanged by a build of
/// themselves, restarted because somebody asks for it, and killed, they or one beside them, while
/// that is under way. Each time frames must flow afterwards, whole and counted, and at the end
/// nothing be left: chaos --faults 1000 --seed 1. The same seed does the same things in the same
/// order.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/processes/chaos_circuits.hpp"
#include "tests/processes/chaos_trial.hpp"
#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/spread.hpp"

namespace vcengine::test {

namespace {

void print_recoveries(ChaosFigures& figures) {
  std::vector<double> all;
  for (auto& [what, times] : figures.recoveries) all.insert(all.end(), times.begin(), times.end());
  figures.recoveries["all"] = all;
  for (const auto& [what, times] : figures.recoveries) {
    fmt::print("{:12} {:5} times, until frames came: {}\n", what, times.size(), spread_of(times));
  }
  for (const auto& [what, reasons] : figures.unchanged) {
    for (const auto& [reason, count] : reasons) {
      fmt::print("{:12} {:5} times not done: {}\n", what, count, reason);
    }
  }
}

int run_all(std::uint64_t faults, std::uint64_t seed) {
  adopt_orphans();
  ChaosFigures figures;
  const auto circuits = chaos_circuits();
  for (const auto& circuit : circuits) {
    ChaosTrial trial(circuit, seed, figures);
    for (std::uint64_t i = 0; i < faults / circuits.size(); ++i) trial.disturb();
    trial.end();
  }
  if (!eventually(no_children_left)) figures.wrong.emplace_back("processes were left");
  print_recoveries(figures);
  fmt::print("{} frames on all wires, {} lost in a crash\n", figures.frames, figures.lost);
  for (const auto& what : figures.wrong) fmt::print("WRONG: {}\n", what);
  return figures.wrong.empty() ? 0 : 1;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  CLI::App app{"Does to running blocks whatever a day can bring"};
  std::uint64_t faults = 40, seed = 1;
  app.add_option("--faults", faults, "And changes, in all")->capture_default_str();
  app.add_option("--seed", seed, "Of the faults")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return vcengine::test::run_all(faults, seed);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
