/// What is stepped through, and the stage for it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/step/roles.hpp"

namespace vcengine::test {

/// One operation of the stepped process, which is the writer of the pool or its first reader; all
/// other roles are played by the parent. In the order in which things happen:
struct Operation {
  using Act = std::function<void(Cast&)>;

  std::string name;
  std::vector<wire::ReaderSpec> readers;
  bool writes;                  ///< the stepped process is the writer
  Act before;                   ///< [parent] before the stepped process is there
  Act prepare;                  ///< [stepped process]
  Act staged;                   ///< [parent] while the stepped process waits for its first step
  Act act;                      ///< [stepped process] instruction by instruction
  Act wake = {};                ///< [parent] ends the sleep in `act`; empty: it does not sleep
  Act after = {};               ///< [stepped process] at the end of `act`
  std::uint64_t publishes = 0;  ///< frames that `act` sends
  Unfinished unfinished = Unfinished::lost;  ///< where a successor goes on with its page
  Coming coming = {};
};

std::vector<Operation> operations();
/// Of a reader that takes over the page of a dead one. (A writer stores no more than one word.)
std::vector<Operation> take_overs();

}  // namespace vcengine::test
