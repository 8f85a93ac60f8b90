/// What is measured of whole circuits, each question a step of its own. README.md says how.
#pragma once

#include <string>
#include <vector>

#include "measure/steps.hpp"

namespace vcengine::bench {

struct CircuitOptions {
  std::string video;  ///< an absolute path
};

/// The names under which circuit_steps() can be asked for, in the order in which they run.
std::vector<std::string> circuit_groups();
/// Do some of these groups (none: all) work on CircuitOptions::video?
bool need_video(const std::vector<std::string>& groups);
std::vector<Step> circuit_steps(const CircuitOptions& options);

void measure_chain(const Effort& effort, Figures& figures);
void measure_start(const Effort& effort, Figures& figures);
void measure_block_memory(const Effort& effort, Figures& figures);
void measure_idle_cpu(const Effort& effort, Figures& figures);
void measure_live_age(const Effort& effort, Figures& figures);
void measure_edges_rates(const CircuitOptions& options, const Effort& effort, Figures& figures);
void measure_paced_cpu(const CircuitOptions& options, const Effort& effort, Figures& figures);
void measure_heavy_block(const CircuitOptions& options, const Effort& effort, Figures& figures);

}  // namespace vcengine::bench
