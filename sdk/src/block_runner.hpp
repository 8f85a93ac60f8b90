/// Runs one block: matches its inputs by stamp, calls process(), tells its outputs' readers what
/// will not come any more. The same for a worker and for a BlockHarness.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "port_writer.hpp"
#include "vcengine/block.hpp"
#include "wire/ring.hpp"
#include "wire/waiter.hpp"

namespace vcengine::detail {

class BlockRunner {
 public:
  struct Input {
    InputBase* port;
    std::shared_ptr<wire::RingReader> reader;
  };
  struct Output {
    OutputBase* port;
    std::unique_ptr<wire::RingWriter> ring;
    /// Does a block further down match several inputs by stamp? Without one, nobody needs to be
    /// told (and woken for) what will not come any more.
    bool feeds_join = true;
  };

  enum class Ready { yes, no, finished };

  /// Block, waiter and status page outlive the runner. The block's settings are set and it is
  /// declared.
  BlockRunner(Block& block, std::vector<Input> inputs, std::vector<Output> outputs,
              wire::Waiter& waiter, wire::StatusPage& status);
  ~BlockRunner();

  /// A block without a wired In: its process() is not triggered by frames.
  bool free_running() const noexcept { return triggers_.empty(); }
  /// No wired input at all.
  bool is_source() const noexcept { return triggers_.empty() && latests_.empty(); }

  /// A source ends after this many calls of process().
  void limit_calls(std::uint64_t calls) noexcept { call_limit_ = calls; }

  /// A block without Ins is called at a period: the stamp of its n-th call is n - 1 periods.
  void set_period(std::chrono::nanoseconds period) noexcept { period_ = period; }

  /// Takes one matched frame of each In if they are all there, counting those that can find no
  /// partner. Throws TooManyHeld, WireCorrupt.
  Ready poll();
  /// Without side effects on frames that may still match: would poll() say anything but `no`?
  bool might_be_ready();
  /// Likewise: would poll() say `finished`?
  bool finished();
  /// Calls process() on what poll() took. Exceptions of the block pass; the frame then counts as
  /// done.
  void process();
  /// Calls drain(); its frames carry the last stamp.
  void drain();
  /// Tells the readers of all outputs that no frame will come any more.
  void end_outputs();

  /// Those worth waiting for: of the wired Ins. A Latest never triggers.
  const std::vector<std::shared_ptr<wire::RingReader>>& readers() const noexcept {
    return readers_;
  }

 private:
  Ready match();
  bool take_matched();
  bool take(Input& input, std::uint64_t sequence);
  void take_latests();
  enum class Ring { always, unless_published };
  void pass_on_bound(Ring ring);
  void finish_call();
  bool anything_published() const;
  void set_state(wire::WorkerState state) noexcept;

  Block& block_;
  wire::Waiter& waiter_;
  wire::StatusPage& status_;
  std::vector<Input> triggers_;  // wired Ins
  std::vector<Input> latests_;
  std::vector<std::shared_ptr<wire::RingReader>> readers_;
  std::vector<std::shared_ptr<PortWriter>> outputs_;  // loans refer to them weakly
  std::vector<FrameHeader> front_;                    // of each trigger, as last peeked
  std::vector<wire::RingReader::Status> statuses_;    // likewise
  std::int64_t meeting_ = 0;    // earliest stamp at which all inputs could still meet
  std::int64_t passed_on_ = 0;  // of it, told to our readers
  std::uint64_t calls_ = 0;
  std::uint64_t call_limit_ = 0;
  std::optional<std::chrono::nanoseconds> period_;
  std::chrono::steady_clock::time_point origin_;
};

}  // namespace vcengine::detail
