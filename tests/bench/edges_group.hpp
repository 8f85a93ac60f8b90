#pragma once

#include <string>

#include "engine/control/json.hpp"
#include "measure/figures.hpp"

namespace vcengine::bench {

struct EdgesOptions {
  std::string video;
  int rounds = 7;
  int starts = 10;
  double max_others = 100;  ///< percent of all cores
};

/// Runs edges_bench, which prints its own table, and takes its ratios over. Gives all that it
/// measured.
Json measure_edges(const EdgesOptions& options, Figures& figures);

}  // namespace vcengine::bench
