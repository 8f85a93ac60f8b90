#include "vcengine/frame.hpp"

#include <array>

#include "vcengine/errors.hpp"
#include "vcengine/types.hpp"

namespace vcengine {

namespace {

/// "8UC3" from OpenCV's type word (depth in the low three bits, channels above).
std::string image_element(std::uint32_t element) {
  constexpr std::array kDepths = {"8U", "8S", "16U", "16S", "32S", "32F", "64F", "16F"};
  return std::string(kDepths[element & 7]) + "C" + std::to_string((element >> 3) + 1);
}

}  // namespace

std::string to_string(FrameType type) {
  switch (type.family) {
    case Family::none:
      return "nothing";
    case Family::number:
      return "number";
    case Family::text:
      return "text";
    case Family::bytes:
      return "bytes";
    case Family::array:
      return "array " + std::string(detail::element_name(static_cast<Element>(type.element)));
    case Family::image:
      return "image " + image_element(type.element);
    case Family::record:
      return "record #" + std::to_string(type.element);
  }
  return "unknown";
}

namespace detail {

std::string_view element_name(Element element) {
  constexpr std::array<std::string_view, 11> kNames = {"?",   "i8",  "u8",  "i16", "u16", "i32",
                                                       "u32", "i64", "u64", "f32", "f64"};
  const auto index = static_cast<std::size_t>(element);
  return index < kNames.size() ? kNames[index] : kNames[0];
}

void throw_bad_payload(const FrameHeader& header, std::string_view expected) {
  throw FrameError("frame " + std::to_string(header.sequence) + " says it is " +
                   to_string(header.type) + " but its " + std::to_string(header.size) +
                   " bytes are no " + std::string(expected));
}

}  // namespace detail

}  // namespace vcengine
