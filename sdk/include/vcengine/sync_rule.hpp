/// How the frames of several inputs of a block are put together.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace vcengine {

struct SyncRule {
  enum class By : std::uint8_t {
    stamp,  ///< frames of equal stamps, or of stamps no further apart than the tolerance
    order,  ///< the first of each, the second of each …, whatever their stamps
  };

  By by = By::stamp;
  std::chrono::nanoseconds tolerance{0};
  /// By the circuit's wall clock: how long a frame waits for its partners at most; none: until it
  /// is certain that none will come. A media clock needs none and ignores it.
  std::optional<std::chrono::nanoseconds> wait;
  /// What finds no partner in every input: dropped, or handed on without those that may be missing
  /// (`Optional<In<T>>` and the ports of an `Inputs<T>`).
  bool partial = false;

  friend bool operator==(const SyncRule&, const SyncRule&) = default;
};

}  // namespace vcengine
