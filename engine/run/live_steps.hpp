/// One frame through a paused circuit, or through a block of it. [host]
///
/// Blocks work one after the other, each after those that it gets its frames from, so that a frame
/// goes through the whole circuit where the wires are empty. Where they are full, a block may have
/// to wait for room that one after it makes, and others for what it then sends: those that have not
/// worked are asked again, until a round brings nothing. It ends by what the workers say, never by
/// time, but for a block whose process() is too long.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/run/live_orders.hpp"

namespace vcengine {

class LiveSteps {
 public:
  struct Wanted {
    std::size_t block = 0;
    bool wait = false;  ///< for a frame: others run that may send one
  };
  struct Result {
    std::vector<std::size_t> stepped;   ///< blocks
    std::vector<std::size_t> waiting;   ///< for a frame, or for room
    std::vector<std::size_t> busy;      ///< in a process() that does not end
    std::vector<std::string> refusals;  ///< of those that do not run
  };
  using Told = std::function<void(const Result&)>;

  /// Borrows both.
  LiveSteps(const Plan& plan, LiveOrders& orders);
  void rewire(const Plan& next);

  /// The result is told later, never from here. Of several steps each begins when the one before
  /// has ended.
  void begin(std::vector<Wanted> blocks, Told told);

 private:
  enum class Did { nothing_yet, frame, nothing, room, ended };
  struct Part {
    Wanted wanted;
    Did did = Did::nothing_yet;
  };
  struct Step {
    std::vector<Part> parts;
    std::size_t at = 0;
    bool moved = false;  ///< somebody worked in this round
    Result result;
    Told told;
  };

  void go_on();
  void part_done(const LiveOrders::Outcome& outcome);
  void end();

  LiveOrders& orders_;
  std::vector<std::size_t> place_;  ///< of each block in the order of work
  std::deque<Step> steps_;
};

}  // namespace vcengine
