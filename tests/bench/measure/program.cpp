#include "program.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "figures_text.hpp"

namespace vcengine::bench {

namespace {

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::endl;
  if (!file) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace

void run_rounds(const std::vector<Step>& steps, const ProgramOptions& options, Figures& figures) {
  for (int round = 1; round <= options.rounds; ++round) {
    figures.begin_round();
    for (const auto& step : steps) {
      const bool is_wanted =
          options.only.empty() || std::ranges::find(options.only, step.group) != options.only.end();
      if (!is_wanted) continue;
      fmt::print(stderr, "round {} of {}: {}\n", round, options.rounds, step.name);
      step.run(options.effort, figures);
    }
  }
}

void show(const Figures& figures, const ProgramOptions& options) {
  const auto machine = this_machine();
  fmt::print("{}; {} rounds, medians\n\n{}", text_of(machine), options.rounds, table(figures));
  if (!options.json_file.empty()) write_file(options.json_file, json(figures, machine));
}

}  // namespace vcengine::bench
