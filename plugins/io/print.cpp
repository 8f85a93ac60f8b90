#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <vcengine/block.hpp>

namespace vcengine::io {
namespace {

constexpr std::size_t kShown = 16;  ///< elements of an array

template <class T>
std::string to_text(T value) {
  std::array<char, 64> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

template <class T>
std::string to_text_all(std::span<const std::byte> bytes) {
  const auto count = bytes.size() / sizeof(T);
  std::string text = "[";
  for (std::size_t i = 0; i < std::min(count, kShown); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    text += (i == 0 ? "" : ", ") + to_text(value);
  }
  if (count > kShown) text += ", … " + std::to_string(count) + " in all";
  return text + "]";
}

std::string array_text(Element element, std::span<const std::byte> bytes) {
  switch (element) {
    case Element::i8:
      return to_text_all<std::int8_t>(bytes);
    case Element::u8:
      return to_text_all<std::uint8_t>(bytes);
    case Element::i16:
      return to_text_all<std::int16_t>(bytes);
    case Element::u16:
      return to_text_all<std::uint16_t>(bytes);
    case Element::i32:
      return to_text_all<std::int32_t>(bytes);
    case Element::u32:
      return to_text_all<std::uint32_t>(bytes);
    case Element::i64:
      return to_text_all<std::int64_t>(bytes);
    case Element::u64:
      return to_text_all<std::uint64_t>(bytes);
    case Element::f32:
      return to_text_all<float>(bytes);
    case Element::f64:
      return to_text_all<double>(bytes);
  }
  return "unknown elements";
}

std::string value_text(const FrameRef& frame) {
  const auto& header = frame.header();
  switch (header.type.family) {
    case Family::number:
      return to_text(FrameTraits<Number>::view(frame));
    case Family::text:
      return std::string(FrameTraits<Text>::view(frame));
    case Family::array:
      return array_text(static_cast<Element>(header.type.element), frame.payload());
    case Family::image:
      return to_string(header.type) + ' ' + std::to_string(header.shape[1]) + 'x' +
             std::to_string(header.shape[0]);
    case Family::none:
    case Family::bytes:
    case Family::record:
      break;
  }
  return to_string(header.type) + ", " + std::to_string(header.size) + " bytes";
}

}  // namespace

/// One line a frame on standard output: number of the frame, stamp, and the value; of large things
/// the header only.
struct Print final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Param<std::int64_t> every{this, "every", {.min = 1, .init = 1}, "Prints each n-th frame only"};

  void process() override {
    if (seen_++ % every != 0) return;
    std::array<char, 64> start{};
    std::snprintf(start.data(), start.size(), "%llu  %.3f s  ",
                  static_cast<unsigned long long>(in.header().sequence),
                  std::chrono::duration<double>(in.stamp()).count());
    const auto line = start.data() + value_text(*in) + '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);  // a pipe at the other end wants it now, not 4 kB later
  }

 private:
  std::int64_t seen_ = 0;
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::Print>("io.print", "Prints frames as lines of text");
}
