/// Orders to workers that somebody waits for: which blocks have yet to answer, and what is said
/// when they have, or have not in time. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/control/json.hpp"
#include "engine/run/controlled_run.hpp"

namespace vcengine {

class LiveOrders {
 public:
  using Clock = std::chrono::steady_clock;

  /// What became of an order.
  struct Outcome {
    std::vector<std::size_t> done;      ///< blocks
    std::vector<std::size_t> waiting;   ///< did not answer, for they wait for frames or for room
    std::vector<std::size_t> busy;      ///< did not answer in time
    std::vector<std::string> refusals;  ///< "detect: 'low' must not be above 'high'"
  };
  using OnOutcome = std::function<void(const Outcome&)>;
  /// Once for each block that has done it, also after the outcome was told.
  using OnDone = std::function<void(std::size_t block)>;

  /// Whom not to wait for: nobody; who waits for room in process(); who waits for frames as well.
  enum class Patience { for_all, not_for_full_wires, not_for_missing_frames };

  /// Borrows both.
  LiveOrders(const Plan& plan, ControlledRun& run) : plan_(plan), run_(run) {}

  /// `message` of each block gets an "id". The outcome is told later, never from here.
  void give(std::vector<std::pair<std::size_t, JsonObject>> messages, Patience patience,
            OnOutcome on_outcome, OnDone on_done = {});

  /// A worker's answer. Throws JsonError if it is none; an unknown id is ignored.
  void answered(std::size_t block, const JsonObject& answer);
  void block_ended(std::size_t block);
  void check_times(Clock::time_point now);
  /// When check_times() is worth a call.
  Clock::time_point due() const;

 private:
  struct Order {
    std::int64_t id = 0;
    std::vector<std::size_t> awaited;
    Patience patience = Patience::for_all;
    Clock::time_point since;
    Clock::time_point last_news;  ///< somebody answered: others may have a frame now
    Outcome outcome;
    OnOutcome on_outcome;  ///< none once it was told
    OnDone on_done;
  };
  void settle(Order& order, std::size_t block);
  /// Does it wait for something that may never come?
  bool need_not_answer(const Order& order, std::size_t block, const StallWatch::BlockNow& now_at,
                       Clock::time_point now) const;

  const Plan& plan_;
  ControlledRun& run_;
  std::vector<Order> orders_;
  std::int64_t last_id_ = 0;
};

}  // namespace vcengine
