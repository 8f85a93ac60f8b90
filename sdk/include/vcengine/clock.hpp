/// The circuit's clock: how media time and real time go together.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#include "vcengine/frame.hpp"

namespace vcengine {

enum class ClockKind : std::uint8_t {
  wall,   ///< runs with real time, `speed` times as fast
  media,  ///< stands at the stamp of the frame that is worked on
};

/// One for all blocks of a circuit: they count from the moment it began to run.
struct CircuitClock {
  ClockKind kind = ClockKind::wall;
  double speed = 1;
  std::chrono::steady_clock::time_point origin;

  /// Circuit time at a moment of real time (`wall`).
  Stamp time(std::chrono::steady_clock::time_point real) const {
    return scaled(real - origin, speed);
  }
  /// How long a span of circuit time really takes.
  std::chrono::nanoseconds real(Stamp span) const { return scaled(span, 1 / speed); }

 private:
  static std::chrono::nanoseconds scaled(std::chrono::nanoseconds span, double factor) {
    if (factor == 1) return span;  // exact, however long the circuit runs
    return std::chrono::nanoseconds{std::llround(static_cast<double>(span.count()) * factor)};
  }
};

/// Stamps of a source that makes its frames at a rate: 0, 1 / rate, 2 / rate …, to the nanosecond
/// however long it runs. When the rate changes, they are counted on from the last one: stamps never
/// go back.
class RateStamps {
 public:
  Stamp next(double rate_hz) {
    if (rate_hz != rate_) {
      origin_ = last_;
      count_ = rate_ == 0 ? 0 : 1;
      rate_ = rate_hz;
    }
    last_ = origin_ + Stamp{std::llround(static_cast<double>(count_++) * 1e9 / rate_hz)};
    return last_;
  }

 private:
  Stamp origin_{0}, last_{0};
  std::int64_t count_ = 0;  ///< frames since the origin
  double rate_ = 0;         ///< since then
};

}  // namespace vcengine
