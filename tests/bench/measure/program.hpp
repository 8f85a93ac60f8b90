/// What the benchmark's programs have in common: their command line, the rounds, the output.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/control/json.hpp"
#include "machine.hpp"
#include "steps.hpp"

namespace CLI {
class App;
}

namespace vcengine::bench {

struct ProgramOptions {
  int rounds = 5;
  Effort effort;
  std::vector<std::string> only;  ///< groups; empty: all
  std::string json_file, svg_file;

  bool wants(std::string_view group) const;
};

void add_options(CLI::App& app, ProgramOptions& options, const std::vector<std::string>& groups);

/// Goes through the steps of the groups wanted once a round.
void run_rounds(const std::vector<Step>& steps, const ProgramOptions& options, Figures& figures);

/// Prints the table, writes the files; `more` goes into the JSON.
void show(const Figures& figures, const ProgramOptions& options,
          const Machine& machine = this_machine(), JsonObject more = {});

}  // namespace vcengine::bench
