/// What is asked of the wire, of its limits and of its peers in the same words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine::bench {

inline constexpr std::string_view kWire = "wire";
inline constexpr std::string_view kLimit = "limit";
inline constexpr std::string_view kCircuit = "circuit";
inline constexpr std::string_view kGStreamer = "gstreamer";

enum class Waiting {
  spin,   ///< looks again and again
  rest,   ///< likewise, a microsecond apart: who reads a word all the time slows its writer down
  sleep,  ///< gives its core away until it is woken
};

enum class Pace {
  back_to_back,    ///< the next frame as soon as the last one was answered
  after_idleness,  ///< 1 ms later
};

/// How much of a frame is written and read.
enum class Touch {
  line,  ///< 64 bytes; the rest stays in place
  all,
};

struct FrameSize {
  std::string_view name;
  std::uint64_t bytes;
};
inline constexpr FrameSize k64B{"64B", 64};
inline constexpr FrameSize k4KiB{"4KiB", 4096};
inline constexpr FrameSize k1080p{"1080p", std::uint64_t{1920} * 1080 * 3};
inline constexpr FrameSize k4K{"4K", std::uint64_t{3840} * 2160 * 3};
inline constexpr FrameSize kFrameSizes[] = {k64B, k4KiB, k1080p, k4K};

/// From the hand of one process into that of another: how long?
struct HopQuestion {
  Waiting waiting = Waiting::spin;
  Pace pace = Pace::back_to_back;
  FrameSize size = k64B;
  Touch touch = Touch::line;

  std::string name() const;
  /// The limit does not depend on the frame, unless all of it is written.
  std::string limit_name() const;
};

/// All that are asked, in the order in which they are asked and shown.
std::vector<HopQuestion> hop_questions();

}  // namespace vcengine::bench
