/// Which blocks were told to stand still, and for how long time does not count for that. [host]
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace vcengine {

class Pauses {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Pauses(std::size_t blocks) : paused_(blocks) {}

  void pause(std::size_t block, Clock::time_point now);
  /// For how long the circuit's clock has stood still since the block was paused.
  Clock::duration resume(std::size_t block, Clock::time_point now);

  bool is_paused(std::size_t block) const { return paused_[block].has_value(); }
  bool any() const noexcept { return any_.since.has_value(); }
  /// The circuit's clock stands still.
  bool all() const noexcept { return all_.since.has_value(); }

  /// All in all, somebody was paused for so long, all were for so long.
  Clock::duration with_any(Clock::time_point now) const { return any_.until(now); }
  Clock::duration with_all(Clock::time_point now) const { return all_.until(now); }
  /// Those that were resumed have heard it.
  void went_on(Clock::time_point now) {
    if (!any()) over_since_ = now;
  }
  /// Nobody has been paused since then; max: until those that were have heard that.
  Clock::time_point over_since() const noexcept { return over_since_; }

 private:
  struct Span {
    std::optional<Clock::time_point> since;
    Clock::duration before{0};

    void set(bool on, Clock::time_point now);
    Clock::duration until(Clock::time_point now) const;
  };
  void look(Clock::time_point now);

  std::vector<std::optional<Clock::duration>> paused_;  ///< of with_all(), when it was
  Span any_, all_;
  Clock::time_point over_since_;
};

}  // namespace vcengine
