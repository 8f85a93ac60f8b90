/// The Latest inputs of a block: read at their newest value, or, offline, at the value they had at
/// the stamp of each call.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wired_input.hpp"

namespace vcengine::detail {

class LatestInputs {
 public:
  explicit LatestInputs(wire::StatusPage& status) : status_(status) {}

  void add(WiredInput input) { inputs_.push_back({std::move(input)}); }
  bool empty() const noexcept { return inputs_.empty(); }
  void clear() noexcept;
  /// A predecessor had taken the newest values: they are taken once more.
  void take_over();
  std::vector<std::shared_ptr<wire::RingReader>> readers() const;

  /// The newest value of each, if there is a new one.
  void take_newest();

  /// Lets each input hold its newest value with a stamp up to this one (before it, where a loop is
  /// closed). True if it is certain that nothing newer with such a stamp will come. Stamps asked
  /// for never go back, so what this supersedes was never needed.
  bool advance_to(std::int64_t stamp);

  /// The block is about to read what they hold.
  void note_read() noexcept;

  /// Of a block that only these could keep going, after advance_to(stamp): have all but those that
  /// close loops come to their ends before this stamp? An input goes to where its writer said last
  /// that it is, so that it does not matter when its end is heard of.
  bool over_at(std::int64_t stamp);

 private:
  struct State {
    WiredInput input;
    bool unread = false;  ///< taken, and no call has seen it yet
  };
  bool take(WiredInput& input, const FrameHeader& header);
  bool advance(State& state, std::int64_t stamp);

  std::vector<State> inputs_;
  wire::StatusPage& status_;
};

}  // namespace vcengine::detail
