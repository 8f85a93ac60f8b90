/// Tries random circuits, as many as one likes: random_circuits --from 1000 --count 5000.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "tests/engine/temporary_folder.hpp"
#include "tests/random/circuit_trial.hpp"
#include "tests/random/random_circuit.hpp"

namespace vcengine::test {

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::uint64_t from = 0;
  std::uint64_t count = 1;
  std::int64_t patience_s = 60;
  bool print = false;
  std::string file;
};

std::string describe(const std::string& what, const std::string& circuit, const Trial& trial) {
  auto text = fmt::format("{}:\n", what);
  for (const auto& complaint : trial.complaints) text += "  " + complaint + '\n';
  return text + circuit;
}

Trial try_in_new_folder(const std::string& circuit, const Options& options) {
  const TemporaryFolder folder;
  return try_circuit(circuit, folder.path(), std::chrono::seconds(options.patience_s));
}

int try_all(const Options& options) {
  std::uint64_t accepted = 0, wrong = 0, slowest = options.from;
  Clock::duration longest{0};
  for (auto seed = options.from; seed < options.from + options.count; ++seed) {
    const auto circuit = random_circuit(seed);
    if (options.print) {
      fmt::print("{}", circuit);
      continue;
    }
    const auto start = Clock::now();
    const auto trial = try_in_new_folder(circuit, options);
    if (Clock::now() - start > longest) {
      longest = Clock::now() - start;
      slowest = seed;
    }
    accepted += trial.accepted ? 1U : 0U;
    if (trial.complaints.empty()) continue;
    ++wrong;
    fmt::print("{}\n", describe(fmt::format("seed {}", seed), circuit, trial));
    std::fflush(stdout);
  }
  if (options.print) return 0;
  fmt::print("{} circuits, {} accepted, {} wrong; the slowest was {}, with {} ms\n", options.count,
             accepted, wrong, slowest,
             std::chrono::duration_cast<std::chrono::milliseconds>(longest).count());
  return wrong == 0 ? 0 : 1;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  using namespace vcengine::test;
  Options options;
  CLI::App app("Tries random circuits. What is wrong is printed with its seed and its circuit.");
  app.add_option("--from", options.from, "The first seed")->type_name("SEED");
  app.add_option("--count", options.count, "How many")->type_name("N");
  app.add_option("--patience", options.patience_s, "Who runs longer hangs; 60 by default")
      ->type_name("SECONDS");
  app.add_flag("--print", options.print, "Only show the circuits");
  CLI11_PARSE(app, argc, argv);
  return try_all(options);
}
