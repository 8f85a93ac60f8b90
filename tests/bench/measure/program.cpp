#include "program.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "figures_text.hpp"

namespace vcengine::bench {

namespace {

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::endl;
  if (!file) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace

bool ProgramOptions::wants(std::string_view group) const {
  return only.empty() || std::ranges::find(only, group) != only.end();
}

void add_options(CLI::App& app, ProgramOptions& options, const std::vector<std::string>& groups) {
  app.add_option("--rounds", options.rounds, "How often each thing is measured")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--only", options.only, "Measure these groups and no others")
      ->check(CLI::IsMember(groups))
      ->delimiter(',')
      ->type_name("GROUP");
  app.add_option("--effort", options.effort.part,
                 "Part of the usual number of frames: less is faster, and says less")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  app.add_option("--json", options.json_file, "Write all figures to this file, too")
      ->type_name("FILE");
  app.add_option("--svg", options.svg_file, "Write a picture of them to this file, too")
      ->type_name("FILE");
}

void run_rounds(const std::vector<Step>& steps, const ProgramOptions& options, Figures& figures) {
  for (int round = 1; round <= options.rounds; ++round) {
    figures.begin_round();
    for (const auto& step : steps) {
      if (!options.wants(step.group)) continue;
      fmt::print(stderr, "round {} of {}: {}\n", round, options.rounds, step.name);
      step.run(options.effort, figures);
    }
  }
}

void show(const Figures& figures, const ProgramOptions& options, const Machine& machine,
          JsonObject more) {
  fmt::print("{}; {} rounds, medians\n\n{}", text_of(machine), options.rounds, table(figures));
  if (!options.json_file.empty()) {
    write_file(options.json_file, json(figures, machine, std::move(more)));
  }
  if (!options.svg_file.empty()) write_file(options.svg_file, plot(figures, machine));
}

}  // namespace vcengine::bench
