/// What a running or ended circuit shows: one snapshot, read from the shared pages by the
/// supervisor.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vcengine {

/// Of a distribution kept in logarithmic buckets; none when nothing was measured.
struct Quantiles {
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p99{0};
};

struct BlockStats {
  std::string name;
  std::string type;
  bool is_source = false;
  bool is_sink = false;
  bool finished = false;
  bool damaged = false;      ///< it wrote over memory that it shares: its figures mean nothing
  std::uint64_t frames = 0;  ///< calls of process() that returned
  std::uint64_t exceptions = 0;
  std::uint64_t busy = 0;     ///< live source: frames dropped because its branches were not ready
  std::uint64_t partial = 0;  ///< calls in which an input was missing
  /// How long process() has been at the frame it is working on.
  std::optional<std::chrono::nanoseconds> at_work;
  std::optional<Quantiles> process_time;  ///< spent working, without waiting for room or pace
  std::uint64_t progress_done = 0;        ///< of a source that knows its length
  std::uint64_t progress_total = 0;       ///< 0: unknown
};

struct WireStats {
  std::string from;    ///< "camera.frames"
  std::string to;      ///< "detect.image": the wire's name
  std::string policy;  ///< "wait", "drop_oldest"
  std::uint32_t depth = 0;
  bool damaged = false;         ///< by the block at one of its ends: its figures mean nothing
  std::uint64_t published = 0;  ///< since this reader joined
  std::uint64_t taken = 0;
  std::vector<std::pair<std::string, std::uint64_t>> dropped;  ///< by reason, only those above 0
  std::uint64_t in_flight = 0;   ///< published, neither taken nor dropped
  std::optional<Quantiles> age;  ///< born to taken
  /// Of the frame that was taken last: media time, and CLOCK_MONOTONIC when its source made it.
  std::optional<std::chrono::nanoseconds> stamp, born;
  std::optional<std::chrono::nanoseconds> newest_stamp;  ///< of the frame published last

  std::uint64_t dropped_total() const {
    std::uint64_t total = 0;
    for (const auto& [reason, count] : dropped) total += count;
    return total;
  }
};

struct RunStats {
  std::string circuit;
  std::chrono::nanoseconds running{0};  ///< since the first frame could flow
  std::vector<BlockStats> blocks;
  std::vector<WireStats> wires;
};

}  // namespace vcengine
