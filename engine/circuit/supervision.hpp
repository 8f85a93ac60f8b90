/// What becomes of a block whose process dies, fails or hangs, as a circuit file says it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace vcengine {

/// `restart:`, in the order in which its parser lists the words
enum class RestartWhen : std::uint8_t {
  never,
  on_failure,
  always,  ///< also when it ended by itself; not when its inputs have ended
};
/// `on_give_up:`
enum class OnGiveUp : std::uint8_t {
  stop,     ///< the circuit ends, status 3
  degrade,  ///< the rest runs on; its outputs end
};

/// `on_crash:`, of the frame that the block died on
enum class OnCrash : std::uint8_t {
  skip,   ///< it is lost
  retry,  ///< its successor is given it once more, until kDeathsOnOneFrame
};
inline constexpr int kDeathsOnOneFrame = 3;

/// `backoff:`, the time between a death and the next start. It grows with each death that
/// `intensity:` still counts.
struct Backoff {
  std::chrono::nanoseconds first = std::chrono::milliseconds(100);
  double factor = 2;
  std::chrono::nanoseconds limit = std::chrono::seconds(5);

  friend bool operator==(const Backoff&, const Backoff&) = default;
};

/// `intensity:`, more deaths than this within the time are too many.
struct Intensity {
  int deaths = 5;
  std::chrono::nanoseconds within = std::chrono::seconds(10);

  friend bool operator==(const Intensity&, const Intensity&) = default;
};

/// `then:` of a wire's `stall:`, what becomes of a reader that takes nothing from it while it is
/// full; in the order in which its parser lists the words
enum class OnStall : std::uint8_t {
  warn,         ///< it is said, and that it goes on again
  kill_reader,  ///< that is a hang: `restart:` of the reader says what follows
  drop_oldest,  ///< its writer does not wait for it any more
};
struct StallRule {
  std::chrono::nanoseconds after = std::chrono::seconds(5);
  OnStall then = OnStall::warn;

  friend bool operator==(const StallRule&, const StallRule&) = default;
};

/// All that a block does not say is as `defaults:` say, and else as here.
struct Supervision {
  RestartWhen restart = RestartWhen::on_failure;
  Backoff backoff;
  Intensity intensity;
  std::optional<std::chrono::nanoseconds>
      timeout;  ///< of one process(); none: it may take for ever
  std::chrono::nanoseconds start_timeout =
      std::chrono::seconds(60);  ///< of each step of its set-up
  OnGiveUp on_give_up = OnGiveUp::stop;
  OnCrash on_crash = OnCrash::skip;

  friend bool operator==(const Supervision&, const Supervision&) = default;
};

}  // namespace vcengine
