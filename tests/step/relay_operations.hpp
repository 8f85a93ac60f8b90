/// What is stepped through where frames are sent on, and the stage for it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/step/relay.hpp"
#include "tests/step/trial.hpp"

namespace vcengine::test {

/// As Operation. The stepped process is the forwarder, or the first of the readers behind it.
struct RelayOperation {
  using Act = std::function<void(Relay&)>;

  std::string name;
  wire::Policy in;
  std::vector<wire::ReaderSpec> out;
  bool forwards;  ///< the stepped process is the forwarder
  Act before;     ///< [parent] before the stepped process is there
  Act prepare;    ///< [stepped process]
  Act staged;     ///< [parent] while the stepped process waits for its first step
  Act act;        ///< [stepped process] instruction by instruction
  Act after;      ///< [stepped process] at the end of `act`
};

std::vector<RelayOperation> relay_operations();

/// `operation` must outlive it.
std::unique_ptr<Trial> make_trial(const RelayOperation& operation);

}  // namespace vcengine::test
