/// Whose frames are sent on as they are, and how many at once.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/engine/checked_circuit.hpp"

namespace vcengine {
namespace {

std::string name_of(const Plan& plan, std::size_t output) {
  return plan.blocks[plan.outputs[output].block].name + '.' + plan.outputs[output].port;
}

const PlannedOutput& output_of(const Plan& plan, const std::string& name) {
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    if (name_of(plan, i) == name) return plan.outputs[i];
  }
  throw std::logic_error("no output " + name);
}

std::vector<std::string> origins(const Plan& plan, const std::string& output) {
  std::vector<std::string> names;
  for (const auto origin : output_of(plan, output).origins) names.push_back(name_of(plan, origin));
  return names;
}

std::map<std::string, std::uint32_t> forwarded(const Plan& plan) {
  std::map<std::string, std::uint32_t> by_wire;
  for (std::size_t i = 0; i < plan.wires.size(); ++i)
    by_wire[plan.wire_name(i)] = plan.wires[i].forwarded;
  return by_wire;
}

using Names = std::vector<std::string>;

TEST(CircuitForwardTest, ALongChainPassesOnWhatItsFirstBlockMade) {
  const auto plan = plan_of(
      "blocks:\n  v: {type: io.video_file}\n  a: {type: flow.pass}\n  b: {type: flow.pass}\n"
      "  c: {type: vision.smooth}\n  d: {type: flow.pass}\n  e: {type: vision.smooth}\n"
      "wires: [v.frames -> a.in, a.out -> b.in, b.out -> c.in, c.out -> d.in, d.out -> e.in]\n");
  EXPECT_EQ(origins(plan, "v.frames"), Names{});
  EXPECT_EQ(origins(plan, "a.out"), Names{"v.frames"});
  EXPECT_EQ(origins(plan, "b.out"), Names{"v.frames"});
  EXPECT_EQ(origins(plan, "c.out"), Names{}) << "it makes frames of its own";
  EXPECT_EQ(origins(plan, "d.out"), Names{"c.out"});
  const auto places = forwarded(plan);
  EXPECT_EQ(places.at("a.in"), 248U);
  EXPECT_EQ(places.at("b.in"), 248U);
  EXPECT_EQ(places.at("c.in"), 0U);
  EXPECT_EQ(output_of(plan, "b.out").forwarded, 248U);
}

TEST(CircuitForwardTest, ManyBlocksOnOneOutputShareItsSlots) {
  std::string blocks, wires;
  for (int i = 0; i < 20; ++i) {
    const auto name = "p" + std::to_string(i);
    blocks += "  " + name + ": {type: flow.pass}\n  s" + name + ": {type: vision.smooth}\n";
    wires += "  - v.frames -> " + name + ".in\n  - " + name + ".out -> s" + name + ".in\n";
  }
  const auto plan = plan_of("blocks:\n  v: {type: io.video_file}\n" + blocks + "wires:\n" + wires);
  EXPECT_EQ(forwarded(plan).at("p7.in"), 2016U / 20);
  EXPECT_EQ(output_of(plan, "p7.out").forwarded, 2016U / 20);
}

TEST(CircuitForwardTest, ACircleOfBlocksThatPassOnHasNoOriginButWhatComesIn) {
  const auto plan = plan_of(
      "blocks:\n  v: {type: io.video_file}\n  h: {type: flow.hold}\n  a: {type: flow.pass}\n"
      "wires: [v.frames -> h.in, h.out -> a.in, a.out -> h.value]\n");
  EXPECT_EQ(origins(plan, "a.out").size(), 1U);
}

}  // namespace
}  // namespace vcengine
