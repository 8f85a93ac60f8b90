/// The benchmark is a list of steps that are gone through once a round: neighbours in the list are
/// measured within seconds of each other, so their ratio survives a slow minute of the machine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "figures.hpp"
#include "questions.hpp"

namespace vcengine::bench {

/// How often things are done; tests do them a few times only.
struct Effort {
  double part = 1;

  std::size_t times(std::size_t usually) const {
    return std::max<std::size_t>(5, static_cast<std::size_t>(static_cast<double>(usually) * part));
  }
};

struct Step {
  std::string group, name;
  std::function<void(const Effort&, Figures&)> run;
};

/// Somebody who answers the same questions as the wire: microseconds, one for each hop.
struct Peer {
  std::string name;
  bool copies = false;  ///< so that large frames take their time, and fewer must do
  /// None if it cannot do that.
  std::function<std::optional<std::vector<double>>(const HopQuestion&, std::size_t count)> hops;
};

/// Limits and wire, with the peers' answers to each question right behind the wire's.
std::vector<Step> wire_steps(const std::vector<Peer>& peers);

}  // namespace vcengine::bench
