#include "tools/control/commands.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "tools/control/running_circuits.hpp"
#include "tools/control/text_columns.hpp"

namespace vcengine {
namespace {

void print(const Json& json) { fmt::print("{}\n", to_text(json)); }

}  // namespace

int answer(const PsRequest& request) {
  auto found = find_circuits(control_folder());
  JsonArray circuits;
  for (auto& circuit : found.circuits) {
    try {
      circuits.emplace_back(ask(circuit, {{"op", "status"}}));
    } catch (const ControlError& error) {
      found.problems.push_back(
          fmt::format("{} ({}): {}", circuit.circuit(), circuit.pid(), error.what()));
    }
  }
  for (const auto& problem : found.problems) fmt::print(stderr, "vcengine ps: {}\n", problem);
  if (request.json) {
    print(JsonObject{{"circuits", std::move(circuits)}});
    return 0;
  }
  if (circuits.empty()) {
    fmt::print("no circuit is running\n");
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {
      {"PID", "NAME", "STATE", "RUNNING", "BLOCKS", "FRAMES", "FILE"}};
  for (const auto& json : circuits) {
    const auto& circuit = object_of(json, "circuit");
    rows.push_back({std::to_string(integer_of(circuit, "pid")), text_of(circuit, "circuit"),
                    text_of(circuit, "state"), short_time(integer_of(circuit, "running_ns")),
                    std::to_string(integer_of(circuit, "blocks")),
                    std::to_string(integer_of(circuit, "frames")), text_of(circuit, "file")});
  }
  fmt::print("{}", in_columns(rows, {0, 3, 4, 5}));
  return 0;
}

int answer(const StopRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  const auto said = ask(circuit, {{"op", "stop"}});
  while (circuit.receive(true)) {
    // Until the host closes the connection: it ends then.
  }
  if (request.json) print(said);
  return 0;
}

int answer(const PrintRequest& request) {
  std::fputs(request.text.c_str(), request.status == 0 ? stdout : stderr);
  return request.status;
}

}  // namespace vcengine
