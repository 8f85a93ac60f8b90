/// What clients of the control socket can ask of a running circuit: one function for each "op".
/// sdk/doc/live_control.md describes requests and answers. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/control/control_server.hpp"
#include "engine/run/controlled_run.hpp"
#include "engine/run/poll_set.hpp"

namespace vcengine {

class LiveControl final : public ControlTarget {
 public:
  using Clock = std::chrono::steady_clock;

  /// Borrows both.
  LiveControl(const Plan& plan, ControlledRun& run) : plan_(plan), run_(run) {}

  /// Answers through it from now on; borrowed.
  void use(ControlServer& server) { server_ = &server; }

  void watch(PollSet& events);
  /// Handles what came meanwhile.
  void serve();
  /// When serve() is worth a call although nothing came.
  Clock::time_point due() const;

  void handle(const ControlCall& call, const JsonObject& request) override;

 private:
  /// None: it is answered later.
  using Answer = std::optional<JsonObject>;

  Answer status(const ControlCall& call, const JsonObject& request);
  Answer stats(const ControlCall& call, const JsonObject& request);
  Answer stop(const ControlCall& call, const JsonObject& request);

  const Plan& plan_;
  ControlledRun& run_;
  ControlServer* server_ = nullptr;
};

}  // namespace vcengine
