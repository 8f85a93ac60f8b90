/// Finds readers that take nothing from a full wire for longer than its `stall:` allows: they are
/// stopped, hang, or are too slow for the rest of the circuit.
///
/// Who waits for something itself is not at fault: for room behind it, for the partner of a frame,
/// for its own successor.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/run/stall_watch.hpp"

namespace vcengine {

class ReaderWatch {
 public:
  using TimePoint = StallWatch::TimePoint;

  /// Borrows the plan.
  explicit ReaderWatch(const Plan& plan);

  struct Finding {
    std::size_t wire;
    bool stalls;                    ///< or goes on, after it did
    std::chrono::nanoseconds time;  ///< that it took nothing for
  };
  /// What is new since the last look; each stall is told once, and its end.
  std::vector<Finding> look(const std::vector<StallWatch::BlockNow>& blocks,
                            const std::vector<StallWatch::WireNow>& wires, TimePoint now);
  /// Somebody was told to stand still: what is not taken meanwhile says nothing.
  void excuse_all(TimePoint now);

 private:
  struct Watched {
    std::size_t wire;
    std::chrono::nanoseconds after;
    std::optional<std::uint64_t> next{};  // frame, at the last look
    TimePoint since{};  // it took nothing, and nothing but the reader was in the way
    bool stalls = false;
  };

  bool is_full(std::size_t wire, const std::vector<StallWatch::WireNow>& wires) const;
  bool is_at_fault(std::size_t wire, const std::vector<StallWatch::BlockNow>& blocks,
                   const std::vector<StallWatch::WireNow>& wires) const;

  const Plan& plan_;
  std::vector<Watched> watched_;
};

}  // namespace vcengine
