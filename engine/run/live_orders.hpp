/// Orders to workers that somebody waits for: which blocks have yet to answer, and what is said
/// when they have, or have not in time. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
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
    std::vector<std::pair<std::size_t, JsonObject>> done;  ///< blocks, and what they answered
    std::vector<std::size_t> later;     ///< will do it when they go on with the frame they are at
    std::vector<std::size_t> busy;      ///< did not answer in time; they will, when process() ends
    std::vector<std::size_t> ended;     ///< will never do it: they died, or have finished
    std::vector<std::string> refusals;  ///< "detect: 'low' must not be above 'high'"
  };
  using OnOutcome = std::function<void(const Outcome&)>;
  /// Once for each block that has done it, also after the outcome was told.
  using OnDone = std::function<void(std::size_t block)>;
  using Messages = std::vector<std::pair<std::size_t, JsonObject>>;

  /// Borrows both.
  LiveOrders(const Plan& plan, ControlledRun& run) : plan_(plan), run_(run) {}

  /// Each block's message gets an "id". The outcome is told by check_times(), never from here: once
  /// all have answered, or kConfirmTime later.
  void give(Messages messages, OnOutcome on_outcome, OnDone on_done = {});

  /// A worker's answer. Throws JsonError if it is none; an unknown id is ignored.
  void answered(std::size_t block, const JsonObject& answer);
  void block_ended(std::size_t block);
  void end_all();  ///< blocks get other numbers
  void check_times(Clock::time_point now);
  /// When check_times() is worth a call.
  Clock::time_point due() const;

 private:
  struct Order {
    std::int64_t id = 0;
    std::vector<std::size_t> awaited;
    Clock::time_point since;
    Outcome outcome;
    OnOutcome on_outcome;  ///< none once it was told
    OnDone on_done;

    /// Nothing more is to be waited for.
    bool is_clear() const { return awaited.size() == outcome.later.size(); }
  };

  const Plan& plan_;
  ControlledRun& run_;
  std::vector<Order> orders_;
  std::int64_t last_id_ = 0;
};

}  // namespace vcengine
