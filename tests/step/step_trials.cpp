/// Kills and freezes a process at every instruction of every operation on a wire:
/// step_trials [--operation NAME] [--all].
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "tests/step/trial.hpp"

namespace vcengine::test {

namespace {

constexpr int kForbidden = 77;

struct Options {
  std::string operation;
  bool all = false;
  bool list = false;
};

int try_operations(const Options& options, const std::vector<Trials>& all,
                   std::span<const Fate> fates) {
  int wrong = 0;
  for (const auto& trials : all) {
    if (!options.operation.empty() && trials.name != options.operation) continue;
    if (options.list) {
      fmt::print("{}\n", trials.name);
      continue;
    }
    std::string points, violations;
    for (const auto fate : fates) {
      if (!violations.empty() && !options.all) break;
      const auto tried = try_each_instruction(trials, fate, options.all);
      points += fmt::format(", {} at {}", to_string(fate), tried.points);
      for (const auto& violation : tried.violations) violations += "  " + violation + '\n';
      wrong += static_cast<int>(tried.violations.size());
    }
    fmt::print("{}: {} instructions\n{}", trials.name, points.substr(2), violations);
    std::fflush(stdout);
  }
  return wrong;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  using namespace vcengine::test;
  Options options;
  CLI::App app("Kills and freezes a process at every instruction of every operation on a wire.");
  app.add_option("--operation", options.operation, "Only this one")->type_name("NAME");
  app.add_flag("--all", options.all, "Go on after a violation");
  app.add_flag("--list", options.list, "Only name the operations");
  CLI11_PARSE(app, argc, argv);
  try {
    constexpr std::array kTakenOver = {Fate::taken_over};
    const auto wrong = try_operations(options, all_trials(), kFates) +
                       try_operations(options, take_over_trials(), kTakenOver);
    return wrong == 0 ? 0 : 1;
  } catch (const PtraceForbidden& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kForbidden;
  }
}
