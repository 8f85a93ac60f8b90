#include "tests/processes/chaos_circuits.hpp"

#include <regex>

namespace vcengine::test {

namespace {

/// Each death is followed by the next start, however many there are.
constexpr const char* kDefaults =
    "defaults: {backoff: {first: 1ms, limit: 1ms}, intensity: {deaths: 1000, within: 1s}, "
    "timeout: 200ms}\n";

ChaosCircuit edges() {
  return {.name = "edges",
          .text = "circuit: edges\n" + std::string(kDefaults) +
                  "blocks:\n"
                  "  video:  {type: test.marked_source, rate: 200}\n"
                  "  filter: {type: vision.color_filter}\n"
                  "  detect: {type: vision.edge_detector}\n"
                  "  colors: {type: test.witness, params: {path: colors, marked: false}}\n"
                  "  edges:  {type: test.witness, params: {path: edges, marked: false}}\n"
                  "wires:\n"
                  "  - video.frames -> filter.image\n"
                  "  - video.frames -> detect.image\n"
                  "  - filter.filtered -> colors.in\n"
                  "  - detect.edges -> edges.in\n",
          .all = {"video", "filter", "detect", "colors", "edges"},
          .troubled = {},
          .sinks = {"colors", "edges"}};
}

/// Fan-out, two joins one behind the other, copies and frames sent on, both policies; `source` is
/// more of the source's keys.
ChaosCircuit twelve(const std::string& name, const std::string& source) {
  return {.name = name,
          .text = "circuit: " + name + "\n" + kDefaults +
                  "blocks:\n"
                  "  source: {type: test.marked_source, rate: 200" +
                  source +
                  "}\n"
                  "  copy_1: {type: test.troubled_copy, params: {orders: copy_1.do}}\n"
                  "  pass_1: {type: test.troubled_pass, params: {orders: pass_1.do}}\n"
                  "  join_1: {type: flow.sync}\n"
                  "  copy_2: {type: test.troubled_copy, params: {orders: copy_2.do}}\n"
                  "  pass_2: {type: flow.gate}\n"
                  "  join_2: {type: flow.sync}\n"
                  "  lossy:  {type: test.troubled_copy, params: {orders: lossy.do}}\n"
                  "  end_1:  {type: test.witness, params: {path: end_1}}\n"
                  "  end_2:  {type: test.witness, params: {path: end_2}}\n"
                  "  end_3:  {type: test.witness, params: {path: end_3}}\n"
                  "  end_4:  {type: test.witness, params: {path: end_4}}\n"
                  "wires:\n"
                  "  - source.frames -> copy_1.in\n"
                  "  - source.frames -> pass_1.in\n"
                  "  - copy_1.out -> join_1.in_0\n"
                  "  - pass_1.out -> join_1.in_1\n"
                  "  - join_1.out_0 -> copy_2.in\n"
                  "  - join_1.out_1 -> pass_2.in\n"
                  "  - copy_2.out -> join_2.in_0\n"
                  "  - pass_2.out -> join_2.in_1\n"
                  "  - join_2.out_0 -> end_1.in\n"
                  "  - join_2.out_1 -> end_2.in\n"
                  "  - {from: source.frames, to: lossy.in, policy: drop_oldest}\n"
                  "  - {from: lossy.out, to: end_3.in, policy: drop_oldest, depth: 2}\n"
                  "  - {from: pass_1.out, to: end_4.in, policy: drop_oldest}\n",
          .all = {"source", "copy_1", "pass_1", "join_1", "copy_2", "pass_2", "join_2", "lossy",
                  "end_1", "end_2", "end_3", "end_4"},
          .troubled = {"copy_1", "pass_1", "copy_2", "lossy"},
          .sinks = {"end_1", "end_2", "end_3", "end_4"}};
}

}  // namespace

std::vector<std::string> ChaosCircuit::neighbours_of(const std::string& block) const {
  static const std::regex kWire(R"((\w+)\.\w+(?: -> |, to: )(\w+)\.)");
  std::vector<std::string> neighbours;
  for (std::sregex_iterator wire(text.begin(), text.end(), kWire), end; wire != end; ++wire) {
    if ((*wire)[1] == block) neighbours.push_back((*wire)[2]);
    if ((*wire)[2] == block) neighbours.push_back((*wire)[1]);
  }
  return neighbours;
}

std::vector<ChaosCircuit> chaos_circuits() {
  // The last one's source lets its frames in for all branches or for none.
  return {edges(), twelve("twelve", ""), twelve("live", ", live: true")};
}

}  // namespace vcengine::test
