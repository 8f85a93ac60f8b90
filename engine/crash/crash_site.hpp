#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/crash/crash_record.hpp"

namespace vcengine {

/// What is known in advance of the places where a block may crash.
class CrashSite {
 public:
  static constexpr std::size_t kMaxRanges = 128;

  /// Memory of an input that is mapped read-only. Ranges beyond kMaxRanges are forgotten: writes to
  /// them are reported as any other crash.
  void add_read_only(const void* begin, const void* end, std::string_view input) noexcept;

  /// Name of the input that `address` belongs to, or nullptr. Async-signal-safe.
  const std::array<char, CrashRecord::kMaxInputName>* input_at(
      std::uintptr_t address) const noexcept;

 private:
  struct Range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    std::array<char, CrashRecord::kMaxInputName> input{};
  };
  std::array<Range, kMaxRanges> ranges_{};
  std::atomic<std::size_t> count_{0};  // released after the range is complete
};

}  // namespace vcengine
