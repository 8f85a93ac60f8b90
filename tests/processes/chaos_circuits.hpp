/// What chaos does its harm to.
#pragma once

#include <string>
#include <vector>

namespace vcengine::test {

struct ChaosCircuit {
  std::string name;
  std::string text;
  std::vector<std::string> all;       ///< blocks that can be killed, stopped or exchanged
  std::vector<std::string> troubled;  ///< those that can be told to misbehave
  std::vector<std::string> sinks;     ///< each with a file of its name

  /// Those that share a wire with it.
  std::vector<std::string> neighbours_of(const std::string& block) const;
};

/// All of them, each from simple to live.
std::vector<ChaosCircuit> chaos_circuits();

}  // namespace vcengine::test
