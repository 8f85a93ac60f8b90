/// A circuit on its way to a Plan, shared by the steps of the check. Each step looks at one
/// question, reports to `errors`, and leaves out what an earlier step could not find out: one
/// mistake, one message.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/circuit_check.hpp"
#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/plan.hpp"

namespace vcengine {

/// What a wire of the plan connects; as long as Plan::wires, in the same order.
struct Link {
  const WireSpec* spec;
  const PortInfo* output;
  const PortInfo* input;
  TypeName type{};  ///< of the frames, inferred where the output passes on an input's
};

struct Draft {
  explicit Draft(const Circuit& of) : circuit(of) {}

  const Circuit& circuit;
  Plan plan;                   ///< its blocks are those of the circuit, in the same order
  std::vector<bool> has_type;  ///< of each block: is it described?
  std::vector<Link> links;
  std::set<std::pair<std::size_t, std::string>> wired_inputs;  ///< block and port, wrong wires too
  bool whole = true;     ///< nothing is missing that the parser could not read
  bool complete = true;  ///< every type and every end of a wire was found
  /// Of each block: the sources, or the blocks that put different stamps together, whose stamps its
  /// frames carry.
  std::vector<std::set<std::size_t>> stamp_origins;
  Diagnostics errors, warnings;

  void error(Place place, std::string message) { errors.add(at(place, std::move(message))); }
  void warn(Place place, std::string message);
  Diagnostic at(Place place, std::string message) const;

  const PlannedBlock& writer(std::size_t wire) const {
    return plan.blocks[plan.wires[wire].from_block];
  }
  const PlannedBlock& reader(std::size_t wire) const {
    return plan.blocks[plan.wires[wire].to_block];
  }
  /// "may come up to 2 frames late": of an output that is `delayed`.
  std::string lateness(std::size_t wire) const;
  /// "detect.edges"
  std::string output_name(std::size_t wire) const {
    return writer(wire).name + '.' + plan.wires[wire].from_port;
  }
};

/// Looks up types and settings of the blocks.
void check_blocks(Draft& draft, TypeSource& types);
/// Whether the machine has what their processes are to run on and in.
void check_resources(Draft& draft, const std::vector<int>& usable_cores);
/// Looks up the ends of the wires, then required inputs.
void check_wires(Draft& draft);
/// Sources, sinks, rates; needs the wires.
void check_roles(Draft& draft);
/// What the wires say of policies, and what is to be said to that.
void check_policies(Draft& draft);
/// Which wires close a loop.
void plan_feedback(Draft& draft);
/// False if blocks wait for each other in a cycle. The questions from here on need a circuit that
/// is complete and has none.
bool check_cycles(Draft& draft);
/// How inputs are matched, and whether they can be.
void check_sync(Draft& draft);
/// Live sources: which of their wires wait, and the groups those make.
void plan_admission(Draft& draft);
/// Warns of frames of a live source that are dropped on one way and awaited on another.
void check_drops(Draft& draft);
/// What the wires say of readers that take nothing; needs to know which of them wait.
void check_stalls(Draft& draft);
/// How many frames queue up where the file does not say.
void plan_depths(Draft& draft);
/// Frames that come late, on one of several ways to a block.
void check_delays(Draft& draft);
/// Inputs matched by other than equal stamps, where one can keep the other from coming.
void check_matching(Draft& draft);
/// Frames that were matched by order and meet, further down, what they were made of.
void check_reunions(Draft& draft);
/// Offline: loops in which a Latest waits for what it makes itself.
void check_loops(Draft& draft);
/// Types of the frames, and whether the inputs take them.
void check_types(Draft& draft);
/// Groups the wires by output; needs the types.
void plan_outputs(Draft& draft);
/// Which of them send frames of an input on without copying; needs the outputs.
void plan_forwarding(Draft& draft);

}  // namespace vcengine
