#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "vcengine/description.hpp"
#include "vcengine/name.hpp"
#include "vcengine/types.hpp"

namespace vcengine {

class Block;

/// All that a block keeps in its States, in bytes.
inline constexpr std::size_t kMostState = 4096;

namespace detail {

/// In the description, and in what a successor compares: "i64", "record/point"; "bytes" of a type
/// that has no name here.
template <class T>
TypeName state_type() {
  if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_enum_v<T>) {
    return state_type<std::underlying_type_t<T>>();
  } else if constexpr (std::is_arithmetic_v<T>) {
    return TypeName(element_name(element_of<T>()));
  } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
    return "duration";
  } else if constexpr (requires { Record<T>::name; }) {
    return FrameTraits<T>::name();
  } else {
    return "bytes";
  }
}

template <class T>
inline constexpr bool kPointsElsewhere =
    std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_same_v<T, std::string_view>;

}  // namespace detail

/// A State as the worker sees it, whatever its type.
class StateBase {
 public:
  StateBase(const StateBase&) = delete;
  StateBase& operator=(const StateBase&) = delete;

  const StateInfo& info() const noexcept { return info_; }
  /// Of its value.
  std::span<std::byte> bytes() noexcept { return bytes_; }

 protected:
  StateBase(Block* owner, StateInfo info, void* value);
  ~StateBase() = default;

 private:
  StateInfo info_;
  std::span<std::byte> bytes_;
};

/// What a block knows from one frame to the next and must not forget when its process dies: a
/// member `State<std::int64_t> seen{this, "seen", 0};`. T: numbers, and structs of such, 4096 bytes
/// in all; no pointers, for they mean nothing to another process.
///
/// It is kept each time start(), process() or drain() returns, and start() of a successor finds it
/// as it was kept last: from there the block goes on. When process() throws, the block itself goes
/// back to that, too: a frame that is lost leaves no trace, whether by an exception or a crash.
///
/// What moves on all the same (the place in a file that was read) is a plain member, from which
/// process() sets the State at its end.
template <class T>
class State final : public StateBase {
  static_assert(std::is_trivially_copyable_v<T>,
                "a State is copied as bytes from one process to the next: numbers and plain "
                "structs of them, no std::string, std::vector or cv::Mat");
  static_assert(!detail::kPointsElsewhere<T>,
                "a State holds no pointer: what it points to dies with the process");
  static_assert(sizeof(T) <= kMostState,
                "a block keeps 4096 bytes of State at most; what is larger goes into a file");
  static_assert(!std::is_const_v<T>, "a State changes; what does not needs none");

 public:
  /// `init`: what the first process begins with.
  State(Block* owner, detail::Word name, T init = T{})
      : StateBase(
            owner,
            {.name = std::string(name.text()), .type = detail::state_type<T>(), .size = sizeof(T)},
            &value_),
        value_(init),
        init_(init) {}

  State& operator=(const T& value) noexcept {
    value_ = value;
    return *this;
  }
  State& operator=(const State& other) noexcept { return *this = other.value_; }

  const T& get() const noexcept { return value_; }
  operator const T&() const noexcept { return value_; }
  /// To change it in place: `++*seen`, `sums->total += x`.
  T& operator*() noexcept { return value_; }
  const T& operator*() const noexcept { return value_; }
  T* operator->() noexcept { return &value_; }
  const T* operator->() const noexcept { return &value_; }

  /// Back to what the first process began with.
  void reset() noexcept { value_ = init_; }

 private:
  T value_;
  const T init_;
};

}  // namespace vcengine
