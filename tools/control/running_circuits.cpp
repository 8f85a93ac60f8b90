#include "tools/control/running_circuits.hpp"

#include <fmt/format.h>

#include <vector>

#include "engine/control/nearest_word.hpp"
#include "tools/common/refusal.hpp"

namespace vcengine {
namespace {

std::string names_of(const std::vector<ControlClient>& circuits) {
  std::vector<std::string> names;
  for (const auto& circuit : circuits) {
    names.push_back(fmt::format("{} ({})", circuit.circuit(), circuit.pid()));
  }
  return join(names);
}

[[noreturn]] void refuse(const FoundCircuits& found, const std::string& what) {
  auto text = what;
  for (const auto& problem : found.problems) text += "\n  " + problem;
  throw Refusal(text);
}

}  // namespace

ControlClient choose_circuit(const std::string& wanted) {
  auto found = find_circuits(control_folder());
  auto& circuits = found.circuits;
  if (circuits.empty())
    refuse(found, "no circuit is running that has its socket in " + control_folder().string());
  if (wanted.empty()) {
    if (circuits.size() == 1) return std::move(circuits.front());
    refuse(found, "several circuits are running, say which with --circuit: " + names_of(circuits));
  }
  std::vector<ControlClient> fitting;
  for (auto& circuit : circuits) {
    if (circuit.circuit() == wanted || std::to_string(circuit.pid()) == wanted) {
      fitting.push_back(std::move(circuit));
    }
  }
  if (fitting.size() == 1) return std::move(fitting.front());
  if (fitting.empty()) {
    found = find_circuits(control_folder());  // their names were moved from
    refuse(found, fmt::format("no circuit '{}' is running; there is {}", wanted,
                              names_of(found.circuits)));
  }
  refuse(found, fmt::format("several circuits '{}' are running, say which by its number: {}",
                            wanted, names_of(fitting)));
}

JsonObject ask(ControlClient& circuit, JsonObject request) {
  auto answer = circuit.ask(std::move(request));
  if (!flag_of(answer, "ok")) throw Refusal(text_of(answer, "error"));
  answer.stable_erase("id");
  answer.stable_erase("ok");
  return answer;
}

}  // namespace vcengine
