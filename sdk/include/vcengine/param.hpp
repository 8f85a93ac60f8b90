#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vcengine/description.hpp"
#include "vcengine/name.hpp"

namespace vcengine {

class Block;

/// A file or folder; relative ones start at the circuit file's folder.
struct Path : std::filesystem::path {
  using std::filesystem::path::path;
  Path() = default;
  Path(std::filesystem::path other) : std::filesystem::path(std::move(other)) {}
};

namespace detail {

// Variables, because GCC 12 fails with an internal error on calls as defaults in `{.init = 1}`.
template <class T>
inline constexpr T kLowest = std::numeric_limits<T>::lowest();
template <class T>
inline constexpr T kHighest = std::numeric_limits<T>::max();

template <class T>
inline constexpr bool kIsPlainInteger =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
    !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> &&
    !std::is_same_v<T, char32_t>;

template <class T>
struct NumberSpec {
  T min = kLowest<T>;
  T max = kHighest<T>;
  T init{};
};
struct BoolSpec {
  bool init = false;
};
struct TextSpec {
  std::string init{};
  std::vector<std::string> choices{};  ///< the only values allowed, unless empty
};
struct PathSpec {
  std::string init{};
};
struct DurationSpec {
  std::chrono::nanoseconds min{0};
  std::chrono::nanoseconds max = std::chrono::hours{24 * 365};
  std::chrono::nanoseconds init{0};
};

template <class T>
struct ParamTraits {
  static_assert(
      std::integral<T> || std::floating_point<T>,
      "a Param is a number, bool, std::string, vcengine::Path or std::chrono::nanoseconds");
  using Spec = NumberSpec<T>;
};
template <>
struct ParamTraits<bool> {
  using Spec = BoolSpec;
};
template <>
struct ParamTraits<std::string> {
  using Spec = TextSpec;
};
template <>
struct ParamTraits<Path> {
  using Spec = PathSpec;
};
template <>
struct ParamTraits<std::chrono::nanoseconds> {
  using Spec = DurationSpec;
};

template <class T>
ParamInfo describe(Word name, const typename ParamTraits<T>::Spec& spec, std::string_view doc) {
  ParamInfo info{.name = std::string(name.text()),
                 .doc = std::string(doc),
                 .kind = ParamKind::integer,
                 .init = ParamValue{},
                 .min = {},
                 .max = {},
                 .choices = {}};
  if constexpr (std::is_same_v<T, bool>) {
    info.kind = ParamKind::boolean;
    info.init = spec.init;
  } else if constexpr (std::is_same_v<T, std::string>) {
    info.kind = ParamKind::text;
    info.init = spec.init;
    info.choices = spec.choices;
  } else if constexpr (std::is_same_v<T, Path>) {
    info.kind = ParamKind::path;
    info.init = spec.init;
  } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
    info.kind = ParamKind::duration;
    info.init = std::int64_t{spec.init.count()};
    info.min = std::int64_t{spec.min.count()};
    info.max = std::int64_t{spec.max.count()};
  } else {
    using Wide = std::conditional_t<std::floating_point<T>, double, std::int64_t>;
    static_assert(std::floating_point<T> || sizeof(T) < 8 || std::is_signed_v<T>,
                  "settings are signed 64-bit integers at most");
    info.kind = std::floating_point<T> ? ParamKind::real : ParamKind::integer;
    info.init = static_cast<Wide>(spec.init);
    if (!std::floating_point<T> || spec.min != std::numeric_limits<T>::lowest()) {
      info.min = static_cast<Wide>(spec.min);
    }
    if (!std::floating_point<T> || spec.max != std::numeric_limits<T>::max()) {
      info.max = static_cast<Wide>(spec.max);
    }
  }
  return info;
}

}  // namespace detail

/// A setting as the worker sees it, whatever its type.
class ParamBase {
 public:
  ParamBase(const ParamBase&) = delete;
  ParamBase& operator=(const ParamBase&) = delete;
  virtual ~ParamBase() = default;

  const ParamInfo& info() const noexcept { return info_; }

  /// Throws ParamError and keeps the old value if `value` does not fit. Not during process().
  void set(const ParamValue& value) { assign(checked(info_, value)); }
  virtual ParamValue value() const = 0;

 protected:
  ParamBase(Block* owner, ParamInfo info);

 private:
  virtual void assign(const ParamValue& value) = 0;

  ParamInfo info_;
};

/// A declared setting of a block: a member `Param<int> low{this, "low", {.min = 0, .max = 9},
/// "Doc"};`. T: a number, bool, std::string, Path, std::chrono::nanoseconds (written "50ms" in
/// circuits). Its value changes only between two calls of process().
template <class T>
class Param final : public ParamBase {
 public:
  using Spec = typename detail::ParamTraits<T>::Spec;

  Param(Block* owner, detail::Word name, Spec spec, std::string_view doc)
      : ParamBase(owner, detail::describe<T>(name, spec, doc)), value_(spec.init) {}

  const T& get() const noexcept { return value_; }
  operator const T&() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }

  ParamValue value() const override {
    if constexpr (std::is_same_v<T, bool>) {
      return value_;
    } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
      return std::int64_t{value_.count()};
    } else if constexpr (std::is_same_v<T, std::string>) {
      return value_;
    } else if constexpr (std::is_same_v<T, Path>) {
      return value_.string();
    } else if constexpr (std::floating_point<T>) {
      return static_cast<double>(value_);
    } else {
      return static_cast<std::int64_t>(value_);
    }
  }

  friend bool operator==(const Param& left, const Param& right) {
    return left.value_ == right.value_;
  }
  template <class U>
  requires(!std::derived_from<U, ParamBase>) friend bool operator==(const Param& param,
                                                                    const U& other) {
    if constexpr (detail::kIsPlainInteger<T> && detail::kIsPlainInteger<U>) {
      return std::cmp_equal(param.value_, other);  // `low == 3u` without a warning, and right
    } else {
      return param.value_ == other;
    }
  }

 private:
  void assign(const ParamValue& value) override {
    if constexpr (std::is_same_v<T, bool>) {
      value_ = std::get<bool>(value);
    } else if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
      value_ = std::chrono::nanoseconds{std::get<std::int64_t>(value)};
    } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Path>) {
      value_ = std::get<std::string>(value);
    } else if constexpr (std::floating_point<T>) {
      value_ = static_cast<T>(std::get<double>(value));
    } else {
      value_ = static_cast<T>(std::get<std::int64_t>(value));
    }
  }

  T value_;
};

}  // namespace vcengine
