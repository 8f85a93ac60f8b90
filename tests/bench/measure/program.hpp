/// What the benchmark's programs have in common: their command line, the rounds, the output.
#pragma once

#include <string>
#include <vector>

#include "steps.hpp"

namespace vcengine::bench {

struct ProgramOptions {
  int rounds = 5;
  Effort effort;
  std::vector<std::string> only;  ///< groups; empty: all
  std::string json_file, svg_file;
};

/// Goes through the steps of the groups wanted once a round.
void run_rounds(const std::vector<Step>& steps, const ProgramOptions& options, Figures& figures);

/// Prints the table, writes the files.
void show(const Figures& figures, const ProgramOptions& options);

}  // namespace vcengine::bench
