/// What the host tells a block while it runs: settings, pause, single steps. [worker, main thread]
///
/// The host sends a message, counts it in its page and rings. The worker looks at the count between
/// two calls of process(), and reads its socket only when it has changed: a busy wire makes no
/// system call for it. Each message with an "id" is answered, {"op": "answer", "id": …} with an
/// "error" if it was refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/control/channel.hpp"
#include "vcengine/block.hpp"
#include "wire/layout.hpp"

namespace vcengine {

class WorkerOrders {
 public:
  WorkerOrders(const Channel& host, const wire::WorkerLine& line, Block& block)
      : host_(host), line_(line), block_(block) {}

  /// Is there something to read?
  bool pending() const noexcept { return line_.orders.load(std::memory_order_seq_cst) != seen_; }
  /// Does what was ordered since the last time. Throws ChannelError, JsonError.
  void take();

  /// process() is not to be called until further orders come.
  bool paused() const noexcept { return paused_ && !step_; }
  /// process() is to be called once, without waiting for its time.
  bool stepping() const noexcept { return step_.has_value(); }
  /// process() was called.
  void called() {
    if (step_) answer_step();
  }

 private:
  void obey(const JsonObject& message);
  std::string change_settings(const JsonObject& message);
  void answer_step();

  const Channel& host_;
  const wire::WorkerLine& line_;
  Block& block_;
  std::uint32_t seen_ = 0;
  bool paused_ = false;
  std::optional<std::int64_t> step_;  ///< id of the order
};

}  // namespace vcengine
