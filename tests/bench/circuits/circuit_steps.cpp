#include "circuit_steps.hpp"

#include <algorithm>

namespace vcengine::bench {

namespace {

struct Question {
  const char* group;
  bool needs_video;
  const char* name;
  void (*run)(const CircuitOptions&, const Effort&, Figures&);
};

template <void (*kRun)(const Effort&, Figures&)>
void without_video(const CircuitOptions&, const Effort& effort, Figures& figures) {
  kRun(effort, figures);
}

constexpr Question kQuestions[] = {
    {"chain", false, "a chain of blocks that pass pictures on", without_video<measure_chain>},
    {"start", false, "start to first frame", without_video<measure_start>},
    {"memory", false, "memory of a block", without_video<measure_block_memory>},
    {"idle", false, "CPU of an idle circuit", without_video<measure_idle_cpu>},
    {"edges", true, "edges beside its peers", measure_edges_rates},
    {"cpu", true, "CPU at 30 frames a second", measure_paced_cpu},
    {"live", false, "age of live pictures", without_video<measure_live_age>},
    {"heavy", true, "one heavy block", measure_heavy_block},
};

}  // namespace

std::vector<std::string> circuit_groups() {
  std::vector<std::string> groups;
  for (const auto& question : kQuestions) groups.emplace_back(question.group);
  return groups;
}

bool need_video(const std::vector<std::string>& groups) {
  return std::ranges::any_of(kQuestions, [&](const Question& question) {
    return question.needs_video &&
           (groups.empty() || std::ranges::find(groups, question.group) != groups.end());
  });
}

std::vector<Step> circuit_steps(const CircuitOptions& options) {
  std::vector<Step> steps;
  for (const auto& question : kQuestions) {
    steps.push_back({question.group, question.name,
                     [options, run = question.run](const Effort& effort, Figures& figures) {
                       run(options, effort, figures);
                     }});
  }
  return steps;
}

}  // namespace vcengine::bench
