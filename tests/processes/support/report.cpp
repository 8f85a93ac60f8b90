#include "tests/processes/support/report.hpp"

#include "engine/control/json.hpp"

namespace vcengine::test {

std::int64_t WireFigures::dropped_in_all() const {
  std::int64_t all = 0;
  for (const auto& [reason, count] : dropped) all += count;
  return all;
}

Report parse_report(const std::string& json) {
  const auto document = parse_json(json);
  const auto& root = object_of(document, "report");
  Report report;
  report.circuit = text_of(root, "circuit");
  for (const auto& entry : array_of(root, "blocks")) {
    const auto& block = object_of(entry, "block");
    report.blocks[text_of(block, "name")] = {.type = text_of(block, "type"),
                                             .sink = flag_of(block, "sink"),
                                             .frames = integer_of(block, "frames"),
                                             .exceptions = integer_of(block, "exceptions"),
                                             .busy = integer_of(block, "busy"),
                                             .partial = integer_of(block, "partial"),
                                             .finished = flag_of(block, "finished")};
  }
  for (const auto& entry : array_of(root, "wires")) {
    const auto& wire = object_of(entry, "wire");
    auto& figures = report.wires[text_of(wire, "to")];
    figures.from = text_of(wire, "from");
    figures.waits = text_of(wire, "policy") == "wait";
    figures.published = integer_of(wire, "published");
    figures.taken = integer_of(wire, "taken");
    figures.in_flight = integer_of(wire, "in_flight");
    if (const auto* age = member(wire, "age_ns").if_object()) {
      figures.age_p99_ns = integer_of(*age, "p99");
    }
    for (const auto& [reason, count] : object_of(member(wire, "dropped"), "dropped")) {
      figures.dropped[reason] = to_integer(count).value_or(-1);
    }
  }
  return report;
}

}  // namespace vcengine::test
