/// The frames that blocks are tested with: varied, and the same in every run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vcengine/description.hpp"
#include "vcengine/frame.hpp"

namespace vcengine {

/// OpenCV's type numbers of the pixels used here; the engine does not include OpenCV.
namespace pixels {
inline constexpr FrameType k8UC1{Family::image, 0};
inline constexpr FrameType k8UC3{Family::image, 16};
inline constexpr FrameType k8UC4{Family::image, 24};
inline constexpr FrameType k16UC1{Family::image, 2};
inline constexpr FrameType k32FC1{Family::image, 5};
}  // namespace pixels

/// What an input is fed with. Of a record, the size and the fields are needed as well.
struct FrameKind {
  FrameType type;
  std::uint64_t record_size = 0;
  std::vector<FieldInfo> fields;
};

/// The kinds that may be tried at an input: one, or several where its type leaves it open ("image",
/// "any"), the likeliest first.
std::vector<FrameKind> kinds_for(const PortInfo& input);

struct PictureSize {
  std::uint32_t columns = 160;
  std::uint32_t rows = 120;
};

/// How much a frame holds that is no picture.
enum class Amount : std::uint8_t {
  ordinary,
  nothing,  ///< empty text, bytes, arrays; the number 0; a record of zeroes
  one,      ///< one element, the number -1
  huge,     ///< 1 MiB; the number 1e300
  odd,      ///< not a number, infinite elements, text that is no UTF-8, records of noise
};

/// What the frames of all inputs have in common in one round.
struct Round {
  std::uint64_t number = 0;  ///< makes content and stamp
  PictureSize size;
  Amount amount = Amount::ordinary;
};

struct TestFrame {
  FrameType type;
  std::array<std::uint32_t, 2> shape{};
  std::vector<std::byte> bytes;
};

/// A function of its arguments. Pictures alternate between noise and gradients; content repeats
/// every eight rounds, so that what a block keeps can be compared at equal times. Several inputs
/// get different pictures in one round.
TestFrame make_frame(const FrameKind& kind, const Round& round, std::size_t input = 0);

/// Bytes a pixel takes, by OpenCV's type number.
std::uint64_t pixel_size(FrameType type);

/// Does the payload fit type and shape? Otherwise in words.
std::optional<std::string> malformed(const FrameHeader& header);

}  // namespace vcengine
