/// Port types that need no OpenCV: Number, Text, Bytes, Array<T>, Any and records (plain structs).
#pragma once

#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "vcengine/port.hpp"

namespace vcengine {

struct Number {};  ///< a double
struct Text {};    ///< UTF-8
struct Bytes {};   ///< anything
struct Any {};     ///< an input that takes every type; *input is the FrameRef
template <class T>
struct Array {};  ///< numbers of one kind: Array<float>; *input is a std::span<const float>

namespace detail {

struct Encoded {
  FrameType type;
  std::array<std::uint32_t, 2> shape;
  std::span<const std::byte> bytes;
};

template <class T>
constexpr Element element_of() {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>, "arrays hold numbers");
  if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 4 ? Element::f32 : Element::f64;
  } else {
    constexpr auto kLog = std::bit_width(sizeof(T)) - 1;
    return static_cast<Element>(1 + 2 * kLog + (std::is_unsigned_v<T> ? 1 : 0));
  }
}

std::string_view element_name(Element element);  ///< "f32"
[[noreturn]] void throw_bad_payload(const FrameHeader& header, std::string_view expected);

/// FNV-1a: tells record types apart in a frame's type word. Equal names are refused by the check if
/// their fields differ; a collision of two names costs a wrong message, never memory safety.
constexpr std::uint32_t hash_name(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

}  // namespace detail

template <>
struct FrameTraits<Number> {
  using View = double;
  static constexpr FrameType kType{Family::number, 0};
  static TypeName name() { return "number"; }
  static bool accepts(FrameType type) noexcept { return type == kType; }
  static View view(const FrameRef& frame) {
    View value;
    if (frame.payload().size() != sizeof value) detail::throw_bad_payload(frame.header(), "number");
    std::memcpy(&value, frame.payload().data(), sizeof value);
    return value;
  }
  static detail::Encoded encode(const double& value) {
    return {kType, {1, 1}, std::as_bytes(std::span(&value, 1))};
  }
};

template <>
struct FrameTraits<Text> {
  using View = std::string_view;
  static constexpr FrameType kType{Family::text, 0};
  static TypeName name() { return "text"; }
  static bool accepts(FrameType type) noexcept { return type == kType; }
  static View view(const FrameRef& frame) {
    const auto bytes = frame.payload();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  static detail::Encoded encode(std::string_view text) {
    return {kType,
            {static_cast<std::uint32_t>(text.size()), 1},
            std::as_bytes(std::span(text.data(), text.size()))};
  }
};

template <>
struct FrameTraits<Bytes> {
  using View = std::span<const std::byte>;
  static constexpr FrameType kType{Family::bytes, 0};
  static TypeName name() { return "bytes"; }
  static bool accepts(FrameType type) noexcept { return type == kType; }
  static View view(const FrameRef& frame) { return frame.payload(); }
  static detail::Encoded encode(std::span<const std::byte> bytes) {
    return {kType, {static_cast<std::uint32_t>(bytes.size()), 1}, bytes};
  }
};

template <>
struct FrameTraits<Any> {
  using View = FrameRef;
  static TypeName name() { return "any"; }
  static bool accepts(FrameType) noexcept { return true; }
  static View view(const FrameRef& frame) { return frame; }
};

template <class T>
struct FrameTraits<Array<T>> {
  using View = std::span<const T>;
  static constexpr FrameType kType{Family::array,
                                   static_cast<std::uint32_t>(detail::element_of<T>())};
  static TypeName name() {
    return "array/" + std::string(detail::element_name(detail::element_of<T>()));
  }
  static bool accepts(FrameType type) noexcept { return type == kType; }
  static View view(const FrameRef& frame) {
    const auto bytes = frame.payload();
    if (bytes.size() % sizeof(T) != 0) detail::throw_bad_payload(frame.header(), name());
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  static detail::Encoded encode(std::span<const T> values) {
    return {kType, {static_cast<std::uint32_t>(values.size()), 1}, std::as_bytes(values)};
  }
};

/// A plain struct becomes a port type by declaring its name and fields:
///   template <> struct vcengine::Record<Point> {
///     static constexpr std::string_view name = "point";
///     static auto fields() { return std::vector{field("x", &Point::x), field("y", &Point::y)}; }
///   };
template <class T>
struct Record;

template <class T, class Member>
FieldInfo field(std::string_view name, Member T::*member) {
  alignas(T) std::byte storage[sizeof(T)]{};
  const auto* object = reinterpret_cast<const T*>(storage);
  const auto* place = reinterpret_cast<const std::byte*>(&(object->*member));
  return {std::string(name), std::string(detail::element_name(detail::element_of<Member>())),
          static_cast<std::uint64_t>(place - storage)};
}

template <class T>
requires requires { Record<T>::name; }
struct FrameTraits<T> {
  static_assert(std::is_trivially_copyable_v<T>, "a record is copied as bytes between processes");
  using View = T;
  static constexpr FrameType kType{Family::record, detail::hash_name(Record<T>::name)};
  static TypeName name() { return "record/" + std::string(Record<T>::name); }
  static std::vector<FieldInfo> fields() { return Record<T>::fields(); }
  static bool accepts(FrameType type) noexcept { return type == kType; }
  static View view(const FrameRef& frame) {
    View value;
    if (frame.payload().size() != sizeof value) detail::throw_bad_payload(frame.header(), name());
    std::memcpy(&value, frame.payload().data(), sizeof value);
    return value;
  }
  static detail::Encoded encode(const T& value) {
    return {kType, {1, 1}, std::as_bytes(std::span(&value, 1))};
  }
};

}  // namespace vcengine
