#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
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
std::string text_at(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return to_text(value);
}

/// Calls `use` with a value of the element's C++ type.
template <class Use>
std::string with_type_of(Element element, Use use) {
  switch (element) {
    case Element::i8:
      return use(std::int8_t{});
    case Element::u8:
      return use(std::uint8_t{});
    case Element::i16:
      return use(std::int16_t{});
    case Element::u16:
      return use(std::uint16_t{});
    case Element::i32:
      return use(std::int32_t{});
    case Element::u32:
      return use(std::uint32_t{});
    case Element::i64:
      return use(std::int64_t{});
    case Element::u64:
      return use(std::uint64_t{});
    case Element::f32:
      return use(float{});
    case Element::f64:
      return use(double{});
  }
  return "unknown elements";
}

std::string array_text(Element element, std::span<const std::byte> bytes) {
  return with_type_of(element, [&]<class T>(T) {
    const auto count = bytes.size() / sizeof(T);
    std::string text = "[";
    for (std::size_t i = 0; i < std::min(count, kShown); ++i) {
      text += (i == 0 ? "" : ", ") + text_at<T>(bytes, i * sizeof(T));
    }
    if (count > kShown) text += ", … " + std::to_string(count) + " in all";
    return text + "]";
  });
}

std::string field_text(const FieldInfo& field, std::span<const std::byte> bytes) {
  for (auto i = static_cast<unsigned>(Element::i8); i <= static_cast<unsigned>(Element::f64); ++i) {
    const auto element = static_cast<Element>(i);
    if (detail::element_name(element) != field.type) continue;
    return with_type_of(element, [&]<class T>(T) -> std::string {
      if (bytes.size() < sizeof(T) || field.offset > bytes.size() - sizeof(T)) return "";
      return text_at<T>(bytes, static_cast<std::size_t>(field.offset));
    });
  }
  return "";
}

/// "{x: 1.5, count: 3}"; a field that does not lie within the bytes is left out.
std::string record_text(std::span<const FieldInfo> fields, std::span<const std::byte> bytes) {
  std::string text = "{";
  for (const auto& field : fields) {
    const auto value = field_text(field, bytes);
    if (value.empty()) continue;
    text += (text.size() == 1 ? "" : ", ") + field.name + ": " + value;
  }
  return text + "}";
}

std::string value_text(const FrameRef& frame, std::span<const FieldInfo> fields) {
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
    case Family::record:
      if (!fields.empty()) return record_text(fields, frame.payload());
      break;
    case Family::none:
    case Family::bytes:
      break;
  }
  return to_string(header.type) + ", " + std::to_string(header.size) + " bytes";
}

}  // namespace

/// "born 12.345678 s  age 3.210 ms  ": when its source made the frame, by the monotonic clock
/// (whose zero is the start of the machine), and how long ago that is in real time.
std::string birth_text(Born born) {
  const auto age = std::chrono::steady_clock::now().time_since_epoch() - born;
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "born %.6f s  age %.3f ms  ",
                std::chrono::duration<double>(born).count(),
                std::chrono::duration<double, std::milli>(age).count());
  return text.data();
}

/// One line a frame on standard output: number of the frame, stamp, and the value; of large things
/// the header only.
struct Print final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Param<std::int64_t> every{this, "every", {.min = 1, .init = 1}, "Prints each n-th frame only"};
  Param<std::string> times{this,
                           "times",
                           {.init = "stamp", .choices = {"stamp", "both"}},
                           "stamp: the media time, the same in each run; both: also the time of "
                           "birth on the monotonic clock, and the age"};
  State<std::int64_t> seen{this, "seen", 0};

  void process() override {
    if ((*seen)++ % every != 0) return;
    std::array<char, 64> start{};
    std::snprintf(start.data(), start.size(), "%llu  %.3f s  ",
                  static_cast<unsigned long long>(in.header().sequence),
                  std::chrono::duration<double>(in.stamp()).count());
    const auto birth = times == "both" ? birth_text(in.born()) : "";
    const auto line = start.data() + birth + value_text(*in, in.record_fields()) + '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);  // a pipe at the other end wants it now, not 4 kB later
  }
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::Print>("io.print", "Prints frames as lines of text");
}
