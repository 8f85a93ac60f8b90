/// Runs one block: matches its inputs by stamp, calls process(), tells its outputs' readers what
/// will not come any more. The same for a worker and for a BlockHarness.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "admission.hpp"
#include "frame_matcher.hpp"
#include "latest_inputs.hpp"
#include "port_writer.hpp"
#include "stamps_in_line.hpp"
#include "state_keeper.hpp"
#include "vcengine/block.hpp"
#include "vcengine/sync_rule.hpp"
#include "wire/ring.hpp"
#include "wire/waiter.hpp"
#include "wired_input.hpp"

namespace vcengine::detail {

struct RunnerOptions {
  SyncRule sync;
  bool offline = false;   ///< Latests go by stamps
  bool admitted = false;  ///< a live source looks at how far this block is
  bool retry = false;     ///< the frame that a predecessor died on is worked on once more
  /// Of the host: while it is not 0, what a predecessor held is kept.
  const wire::Word32* keep_holds = nullptr;
};

class BlockRunner {
 public:
  using Input = WiredInput;
  struct Output {
    OutputBase* port;
    std::unique_ptr<wire::RingWriter> ring;
    /// Does anybody further down need to know (and be woken for) what will not come any more: one
    /// that matches several inputs, a Latest that goes by stamps, an admission group?
    bool tells_bound = true;
  };

  using Ready = FrameMatcher::Ready;

  /// Block, waiter and status page outlive the runner. The block's settings are set and it is
  /// declared; what its predecessor kept on the page, it has from here on.
  BlockRunner(Block& block, std::vector<Input> inputs, std::vector<Output> outputs,
              wire::Waiter& waiter, wire::StatusPage& status, RunnerOptions options = {},
              std::unique_ptr<Admission> admission = nullptr);
  ~BlockRunner();

  /// A block without a wired In: its process() is not triggered by frames.
  bool free_running() const noexcept { return triggers_.empty(); }
  /// No wired input at all.
  bool is_source() const noexcept { return triggers_.empty() && latests_.empty(); }

  /// A source ends after this many calls of process().
  void limit_calls(std::uint64_t calls) noexcept { call_limit_ = calls; }

  /// A block without Ins is called at a period: the stamp of its n-th call is n - 1 periods.
  void set_period(std::chrono::nanoseconds period) noexcept { period_ = period; }

  /// By a media clock: a source ends before its first frame with this stamp or a later one.
  void limit_stamps(Stamp end);

  /// Calls start().
  void start();
  /// Takes one matched frame of each In if they are all there, counting those that can find no
  /// partner. Throws TooManyHeld, WireCorrupt.
  Ready poll();
  /// Without side effects on frames that may still match: would poll() say anything but `no`?
  bool might_be_ready();
  /// Likewise: would poll() say `finished`?
  bool finished();
  /// Calls process() on what poll() took. Exceptions of the block pass; the frame then counts as
  /// done, and the block's States are as before it.
  void process();
  /// After it, of a block that will not poll for a while: tells the readers of all outputs what
  /// cannot come any more.
  void pass_on_horizon();
  /// Calls drain(); its frames carry the last stamp.
  void drain();
  /// Before another process goes on with the same pages: what was published is let in.
  void leave();
  /// Tells the readers of all outputs that no frame will come any more.
  void end_outputs();

  /// The block said finish(), although frames and calls might go on.
  bool ended_itself() const;
  /// As leave(), for one that begins anew: what the block kept is forgotten.
  void leave_to_begin_anew();
  /// Before start(): a predecessor came to its end, and this one begins anew behind it.
  void follow_predecessor();

  /// When poll() is worth another try although nothing arrived: a `wait:` is over.
  FrameMatcher::TimePoint deadline() const noexcept;

  /// Those worth waiting for: of the wired Ins; offline of the Latests, too.
  const std::vector<std::shared_ptr<wire::RingReader>>& readers() const noexcept {
    return readers_;
  }

 private:
  void take_over();
  bool no_place() const;
  void settle_unfinished();
  void let_go_inherited();
  Ready match();
  Ready poll_free_running();
  bool take_matched();
  const InputBase& trigger() const;
  Stamp next_stamp();
  enum class Ring { always, unless_published };
  void pass_on_bound(std::int64_t bound, Ring ring);
  void say_how_far(std::int64_t bound);
  void set_times();
  void note_work(std::uint64_t nanoseconds) noexcept;
  void let_in_and_keep();
  void finish_call();
  bool anything_published() const;
  bool reached_limit() const;
  bool waits_for_latests() const { return options_.offline && !latests_.empty(); }
  void set_state(wire::WorkerState state, std::chrono::steady_clock::time_point now =
                                              std::chrono::steady_clock::now()) noexcept;

  Block& block_;
  wire::Waiter& waiter_;
  wire::StatusPage& status_;
  const RunnerOptions options_;
  StateKeeper states_;
  StampsInLine stamps_;
  std::vector<Input> triggers_;  // wired Ins
  FrameMatcher matcher_;         // of them
  LatestInputs latests_;
  std::vector<std::shared_ptr<wire::RingReader>> readers_;
  std::vector<std::shared_ptr<PortWriter>> outputs_;  // loans refer to them weakly
  std::unique_ptr<Admission> admission_;              // before those: its thread uses them
  std::chrono::steady_clock::time_point begun_;       // the call that is going on
  std::int64_t passed_on_ = 0;                        // the bound that our readers know
  std::uint64_t calls_ = 0;
  bool inherits_ = false;  // frames that a predecessor held, and may have sent on
  std::uint64_t call_limit_ = 0;
  std::optional<std::chrono::nanoseconds> period_;
};

}  // namespace vcengine::detail
