#include "engine/conformance/test_frames.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

#include "vcengine/types.hpp"

namespace vcengine {

namespace {

constexpr std::uint64_t kPeriod = 8;

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}

  std::uint64_t operator()() {
    auto z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  void fill(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
      const auto word = (*this)();
      const auto count = std::min(bytes.size(), sizeof word);
      std::memcpy(bytes.data(), &word, count);
      bytes = bytes.subspan(count);
    }
  }

 private:
  std::uint64_t state_;
};

std::uint32_t size_of(std::uint32_t element) {
  constexpr std::array<std::uint32_t, 11> kSizes = {1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
  return element < kSizes.size() ? kSizes[element] : 1;
}

/// One number as an element of an array or a field of a record.
void put_number(std::byte* place, Element element, double value) {
  const auto put = [place](auto number) { std::memcpy(place, &number, sizeof number); };
  switch (element) {
    case Element::f32:
      return put(static_cast<float>(value));
    case Element::f64:
      return put(value);
    default:
      break;
  }
  const auto whole = std::isfinite(value) && std::abs(value) < 1e18
                         ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value))
                         : std::numeric_limits<std::uint64_t>::max();
  std::memcpy(place, &whole, size_of(static_cast<std::uint32_t>(element)));  // little endian
}

double number_of(const Round& round, std::size_t input) {
  switch (round.amount) {
    case Amount::ordinary:
      break;
    case Amount::nothing:
      return 0;
    case Amount::one:
      return -1;
    case Amount::huge:
      return 1e300;
    case Amount::odd:
      return round.number % 2 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                   : -std::numeric_limits<double>::infinity();
  }
  return 1.5 * static_cast<double>(round.number % kPeriod) + static_cast<double>(input);
}

std::size_t count_of(const Round& round) {
  switch (round.amount) {
    case Amount::nothing:
      return 0;
    case Amount::one:
      return 1;
    case Amount::huge:
      return std::size_t{1} << 20;
    default:
      return 5 + round.number % kPeriod;
  }
}

Noise noise_of(const Round& round, std::size_t input) {
  return Noise(round.number % kPeriod * 1000 + input + 1);
}

TestFrame make_picture(FrameType type, const Round& round, std::size_t input) {
  const auto [columns, rows] = round.size;
  TestFrame frame{.type = type, .shape = {rows, columns}, .bytes = {}};
  const auto pixel = pixel_size(type);
  frame.bytes.resize(std::size_t{rows} * columns * pixel);
  // Noise in a floating-point picture would be numbers nobody has in one.
  const auto depth = type.element & 7;
  constexpr std::uint32_t kFloat = 5;
  if (depth == kFloat) {
    for (std::size_t i = 0; i < frame.bytes.size() / sizeof(float); ++i) {
      put_number(frame.bytes.data() + i * sizeof(float), Element::f32,
                 static_cast<double>((i + round.number % kPeriod) % 256) / 255);
    }
  } else if ((round.number + input) % 2 == 0) {
    noise_of(round, input).fill(frame.bytes);
  } else {
    std::size_t at = 0;
    for (std::uint32_t row = 0; row < rows; ++row) {
      for (std::uint64_t i = 0; i < columns * pixel; ++i) {
        frame.bytes[at++] = static_cast<std::byte>(row + i + 16 * (round.number % kPeriod));
      }
    }
  }
  return frame;
}

std::vector<std::byte> make_text(const Round& round) {
  std::string text;
  if (round.amount == Amount::odd) {
    constexpr char kOdd[] = "\xff\xfe {\"a\": [\0 %s %n ../../";
    text.assign(kOdd, sizeof kOdd - 1);
  } else if (round.amount == Amount::ordinary) {
    text = "frame " + std::to_string(round.number % kPeriod) + ": größer";
  } else {
    text.assign(count_of(round), 'x');
  }
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> make_record(const FrameKind& kind, const Round& round, std::size_t input) {
  std::vector<std::byte> bytes(kind.record_size);
  if (round.amount == Amount::nothing) return bytes;
  if (round.amount == Amount::odd) {
    noise_of(round, input).fill(bytes);
    return bytes;
  }
  for (std::size_t i = 0; i < kind.fields.size(); ++i) {
    const auto& field = kind.fields[i];
    for (std::uint32_t element = 1; element <= 10; ++element) {
      if (detail::element_name(static_cast<Element>(element)) == field.type &&
          field.offset + size_of(element) <= bytes.size()) {
        put_number(bytes.data() + field.offset, static_cast<Element>(element),
                   number_of(round, input) + static_cast<double>(i));
      }
    }
  }
  return bytes;
}

}  // namespace

std::vector<FrameKind> kinds_for(const PortInfo& input) {
  using namespace pixels;
  const auto plain = [](FrameType type) {
    return FrameKind{.type = type, .record_size = 0, .fields = {}};
  };
  const FrameType number{Family::number, 0};
  const FrameType text{Family::text, 0};
  const FrameType bytes{Family::bytes, 0};
  if (input.type == "image/bgr8") return {plain(k8UC3)};
  if (input.type == "image/gray8") return {plain(k8UC1)};
  if (input.type == "number") return {plain(number)};
  if (input.type == "text") return {plain(text)};
  if (input.type == "bytes") return {plain(bytes)};
  if (input.type.starts_with("record/")) {
    const auto hash = detail::hash_name(std::string_view(input.type).substr(7));
    return {
        {.type = {Family::record, hash}, .record_size = input.record_size, .fields = input.fields}};
  }
  for (std::uint32_t element = 1; element <= 10; ++element) {
    const auto name = detail::element_name(static_cast<Element>(element));
    if (input.type == "array/" + std::string(name)) return {plain({Family::array, element})};
  }
  std::vector<FrameKind> kinds{plain(k8UC3), plain(k8UC1), plain(k32FC1), plain(k16UC1),
                               plain(k8UC4)};
  if (input.type == "any") {
    for (const auto type : {number, text, bytes,
                            FrameType{Family::array, static_cast<std::uint32_t>(Element::f32)}}) {
      kinds.push_back(plain(type));
    }
  }
  return kinds;
}

TestFrame make_frame(const FrameKind& kind, const Round& round, std::size_t input) {
  TestFrame frame{.type = kind.type, .shape = {1, 1}, .bytes = {}};
  switch (kind.type.family) {
    case Family::image:
      return make_picture(kind.type, round, input);
    case Family::number:
      frame.bytes.resize(sizeof(double));
      put_number(frame.bytes.data(), Element::f64, number_of(round, input));
      return frame;
    case Family::record:
      frame.bytes = make_record(kind, round, input);
      return frame;
    case Family::text:
      frame.bytes = make_text(round);
      break;
    case Family::array: {
      const auto size = size_of(kind.type.element);
      const auto count = count_of(round);
      frame.bytes.resize(count * size);
      for (std::size_t i = 0; i < count; ++i) {
        const auto value = round.amount == Amount::odd ? number_of(round, input)
                                                       : static_cast<double>(i % 100 + input);
        put_number(frame.bytes.data() + i * size, static_cast<Element>(kind.type.element), value);
      }
      frame.shape[0] = static_cast<std::uint32_t>(count);
      return frame;
    }
    case Family::bytes:
    case Family::none:
      frame.bytes.resize(count_of(round));
      noise_of(round, input).fill(frame.bytes);
  }
  frame.shape[0] = static_cast<std::uint32_t>(frame.bytes.size());
  return frame;
}

std::uint64_t pixel_size(FrameType type) {
  constexpr std::array<std::uint64_t, 8> kDepths = {1, 1, 2, 2, 4, 4, 8, 2};
  return kDepths[type.element & 7] * ((type.element >> 3) + 1);
}

std::optional<std::string> malformed(const FrameHeader& header) {
  std::uint64_t expected = header.size;
  switch (header.type.family) {
    case Family::image:
      expected = std::uint64_t{header.shape[0]} * header.shape[1] * pixel_size(header.type);
      break;
    case Family::number:
      expected = sizeof(double);
      break;
    case Family::array:
      expected = std::uint64_t{header.shape[0]} * size_of(header.type.element);
      break;
    default:
      break;
  }
  if (header.size == expected) return std::nullopt;
  return to_string(header.type) + " of " + std::to_string(header.shape[1]) + "x" +
         std::to_string(header.shape[0]) + " has " + std::to_string(header.size) + " bytes, not " +
         std::to_string(expected);
}

}  // namespace vcengine
