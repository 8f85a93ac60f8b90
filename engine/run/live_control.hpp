/// What clients of the control socket can ask of a running circuit: one function for each "op".
/// sdk/doc/live_control.md describes requests and answers. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/circuit/plan_match.hpp"
#include "engine/control/control_server.hpp"
#include "engine/run/controlled_run.hpp"
#include "engine/run/live_log.hpp"
#include "engine/run/live_orders.hpp"
#include "engine/run/live_settings.hpp"
#include "engine/run/live_steps.hpp"
#include "engine/run/log_followers.hpp"
#include "engine/run/pauses.hpp"
#include "engine/run/poll_set.hpp"

namespace vcengine {

class LiveControl final : public ControlTarget {
 public:
  using Clock = std::chrono::steady_clock;

  /// Borrows both.
  LiveControl(const Plan& plan, ControlledRun& run);

  /// Answers through it from now on; borrowed.
  void use(ControlServer& server) { server_ = &server; }
  /// What `logs` reads; borrowed.
  void use(const LiveLog& log) { log_ = &log; }

  void watch(PollSet& events);
  /// Handles what came meanwhile.
  void serve();
  /// When serve() or check_times() is worth a call although nothing came.
  Clock::time_point due() const;

  void handle(const ControlCall& call, const JsonObject& request) override;

  /// Orders settings. Told what was refused, or nothing.
  void change(const std::vector<LiveSettings::Change>& changes,
              const std::function<void(const std::string& problem)>& on_outcome);

  /// A worker's answer to an order. Throws JsonError if it is none.
  void answered(std::size_t block, const JsonObject& answer) { orders_.answered(block, answer); }
  /// A successor of one that died runs: what was ordered while it started, it has not heard.
  void block_runs(std::size_t block);
  /// The circuit is about to become another one; its plan still says what it was, and nobody is
  /// paused.
  void rewire(const Plan& next, const PlanMatch& match);
  /// It will take no more orders.
  void block_ended(std::size_t block) { orders_.block_ended(block); }
  void check_times(Clock::time_point now) { orders_.check_times(now); }

  const Pauses& pauses() const noexcept { return pauses_; }
  const LiveSettings& settings() const noexcept { return settings_; }
  LiveSettings& settings() noexcept { return settings_; }

 private:
  using Outcome = LiveOrders::Outcome;

  void status(const ControlCall& call, const JsonObject& request);
  void stats(const ControlCall& call, const JsonObject& request);
  void get(const ControlCall& call, const JsonObject& request);
  void set(const ControlCall& call, const JsonObject& request);
  void pause(const ControlCall& call, const JsonObject& request);
  void resume(const ControlCall& call, const JsonObject& request);
  void step(const ControlCall& call, const JsonObject& request);
  void swap(const ControlCall& call, const JsonObject& request);
  void reload(const ControlCall& call, const JsonObject& request);
  void restart(const ControlCall& call, const JsonObject& request);
  void logs(const ControlCall& call, const JsonObject& request);
  void log_level(const ControlCall& call, const JsonObject& request);
  void save(const ControlCall& call, const JsonObject& request);
  void stop(const ControlCall& call, const JsonObject& request);

  void require_running() const;
  /// The one that the request names, or all.
  std::vector<std::size_t> blocks_of(const JsonObject& request) const;
  bool runs(std::size_t block) const { return run_.phase(block) == WorkerPhase::running; }
  bool may_get_frames(std::size_t block) const;
  std::vector<std::size_t> all_blocks() const;
  JsonArray names_of(const std::vector<std::size_t>& blocks) const;
  /// Why it was not done, or not yet; empty: it was.
  std::string trouble(const Outcome& outcome, std::string_view later) const;

  const Plan& plan_;
  ControlledRun& run_;
  ControlServer* server_ = nullptr;
  const LiveLog* log_ = nullptr;
  LogFollowers followers_;
  LiveSettings settings_;
  LiveOrders orders_;
  LiveSteps steps_;
  Pauses pauses_;
  Clock::duration held_back_{0};  ///< of the circuit's clock
};

}  // namespace vcengine
