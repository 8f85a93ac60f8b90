/// Decides which frames of several inputs belong together. It only looks (and lets go of frames
/// that can find no partner); taking is the runner's.
///
/// What it decides depends on the frames alone and not on when they arrive, but for a `wait:`. It
/// can be sure of what is not there because writers say how far they are (RingReader::bound()).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "vcengine/sync_rule.hpp"
#include "wire/ring.hpp"

namespace vcengine::detail {

class FrameMatcher {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Input {
    std::shared_ptr<wire::RingReader> reader;
    bool may_miss = false;  ///< of a partial match
  };
  enum class Ready { yes, no, finished };

  FrameMatcher(std::vector<Input> inputs, SyncRule rule);

  /// The next frames that belong together. Counts those before them that have no partner as
  /// unmatched. Throws WireCorrupt.
  Ready look(TimePoint now);

  /// Of the last look(), if it said yes: is there a frame of this input, and which?
  bool has(std::size_t input) const { return inputs_[input].matched; }
  const FrameHeader& front(std::size_t input) const { return inputs_[input].front; }
  /// Likewise: the earliest.
  Stamp stamp() const noexcept { return stamp_; }

  /// No match from now on has a stamp below this.
  std::int64_t horizon() const noexcept { return horizon_; }
  /// When to look again although nothing arrives; max(): not at all.
  TimePoint deadline() const noexcept { return deadline_; }

 private:
  using Status = wire::RingReader::Status;

  struct State {
    std::shared_ptr<wire::RingReader> reader;
    bool may_miss = false;
    Status status = Status::empty;
    FrameHeader front;
    std::int64_t bound = 0;  ///< of what comes after the front, or instead of it
    bool matched = false;

    bool has_front() const noexcept { return status == Status::frame; }
    bool ended() const noexcept { return status == Status::ended; }
    /// No frame below this will be its front from now on.
    std::int64_t from() const noexcept;
    void skip() { reader->skip(front.sequence, wire::DropReason::unmatched); }
  };
  /// What one pass over the fronts finds out; `again`: it let a frame go.
  enum class Verdict { match, undecided, again, finished };

  void peek_all();
  void update_horizon() noexcept;
  Verdict match_one();
  Verdict match_in_order();
  Verdict match_stamps(TimePoint now);
  Verdict choose_nearest(bool out_of_patience);
  bool needed(const State& input) const noexcept { return !rule_.partial || !input.may_miss; }
  bool out_of_patience(const State& earliest, TimePoint now);

  std::vector<State> inputs_;
  const SyncRule rule_;
  Stamp stamp_{0};
  std::int64_t horizon_ = 0;
  TimePoint deadline_ = TimePoint::max();
  std::optional<std::uint64_t> waits_for_partners_;  // the sequence of the frame that does,
  const State* waiting_input_ = nullptr;             // its input,
  TimePoint waits_since_;                            // and since when
};

}  // namespace vcengine::detail
