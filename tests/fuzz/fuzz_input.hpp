/// What the targets of this folder have in common: reading the bytes of one trial, and saying what
/// does not hold.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

/// One trial, of any bytes. libFuzzer calls it, or fuzz_driver.cpp. What is wrong ends the process.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace vcengine::fuzz {

inline void require(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

/// The bytes of a trial, taken from the front; zeros once they are used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  bool empty() const noexcept { return bytes_.empty(); }

  template <std::unsigned_integral Number>
  Number take() {
    Number number = 0;
    const auto taken = bytes_.first(std::min(sizeof number, bytes_.size()));
    if (!taken.empty()) std::memcpy(&number, taken.data(), taken.size());
    bytes_ = bytes_.subspan(taken.size());
    return number;
  }

  bool flag() { return (take<std::uint8_t>() & 1) != 0; }

  /// One of `count`, from 0.
  std::size_t below(std::size_t count) {
    if (count <= 256) return take<std::uint8_t>() % count;
    return take<std::uint32_t>() % count;
  }

  /// A number that may matter where `near` is the right one: that or almost that, one of the ends,
  /// or anything.
  std::uint64_t word(std::uint64_t near) {
    switch (below(8)) {
      case 0:
        return 0;
      case 1:
        return take<std::uint8_t>();
      case 2:
        return std::uint64_t{1} << below(64);
      case 3:
        return ~std::uint64_t{take<std::uint8_t>()};
      case 4:
        return take<std::uint64_t>();
      case 5:
        return (std::uint64_t{1} << 63) + take<std::uint8_t>() - 128;
      default:
        return near + take<std::uint8_t>() - 4;
    }
  }

  std::string_view text(std::size_t most) {
    const auto taken = bytes_.first(std::min(most, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  std::string_view rest() { return text(bytes_.size()); }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace vcengine::fuzz
