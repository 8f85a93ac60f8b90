/// What the host tells a block while it runs: settings, pause, single steps, to leave. [worker,
/// main thread]
///
/// The host sends a message, counts it in its page and rings. The worker looks at the count between
/// two calls of process() and where it sleeps in one, and reads its socket only when it has
/// changed: a busy wire makes no system call for it. Each message is answered by {"op": "answer",
/// "id": …}:
///
/// - set: when the settings are in force, or with the "error"; in the middle of a process() that is
///   held, {"later": true} comes before that.
/// - pause, resume: at once, for they are read only where the block stands.
/// - step: when the block stands again, with what it "did". "frame": process() has returned.
///   "nothing": there was nothing to call it for; with "wait", only if the step is taken back.
///   "room": process() waits for room on a wire, and goes on when that comes.
/// - rest: the same, of a step that was answered "room".
///
/// {"op": "leave"} and {"op": "stay"}, which takes it back, have no id and no answer: the worker
/// ends before its next process(), with {"drain": true} after its drain().
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "engine/control/channel.hpp"
#include "vcengine/block.hpp"
#include "wire/layout.hpp"

namespace vcengine {

class WorkerOrders {
 public:
  WorkerOrders(const Channel& host, const wire::WorkerLine& line, Block& block)
      : host_(host), line_(line), block_(block) {}

  /// It begins in a circuit that is paused.
  void hold() noexcept { paused_ = true; }

  /// Is there something to read?
  bool pending() const noexcept { return line_.orders.load(std::memory_order_seq_cst) != seen_; }
  /// Between two calls of process(): does what was ordered since the last time. Throws
  /// ChannelError, JsonError.
  void take();
  /// The same in the middle of one, but for settings: they wait for its end.
  void take_inside();

  /// The block stands still until further orders come.
  bool held() const noexcept { return paused_ && !step_; }
  /// process() is to be called once, without waiting for its time.
  bool stepping() const noexcept { return step_; }
  /// Its place is to be free.
  bool leaving() const noexcept { return leaving_; }
  /// Nobody will take it.
  bool drains() const noexcept { return drains_; }

  /// Where the block is, for who asked.
  void called();  ///< process() has returned
  void found_nothing();
  void waits_for_room();

 private:
  void obey(const JsonObject& message);
  std::string change_settings(const JsonObject& message);
  void answer(std::string_view did);

  const Channel& host_;
  const wire::WorkerLine& line_;
  Block& block_;
  std::uint32_t seen_ = 0;
  std::deque<JsonObject> settings_;  ///< that came in the middle of a process()
  bool paused_ = false;
  bool step_ = false;                  ///< one call is allowed
  bool wait_ = false;                  ///< for something to call it for
  std::optional<std::int64_t> asked_;  ///< id of the step or rest that is to be answered
  bool leaving_ = false;
  bool drains_ = false;
};

}  // namespace vcengine
