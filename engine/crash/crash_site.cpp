#include "engine/crash/crash_site.hpp"

namespace vcengine {

void CrashSite::add_read_only(const void* begin, const void* end, std::string_view input) noexcept {
  const std::size_t index = count_.load(std::memory_order_relaxed);
  if (index == kMaxRanges) return;
  Range& range = ranges_[index];
  range.begin = reinterpret_cast<std::uintptr_t>(begin);
  range.end = reinterpret_cast<std::uintptr_t>(end);
  input.copy(range.input.data(), range.input.size() - 1);
  count_.store(index + 1, std::memory_order_release);
}

const std::array<char, CrashRecord::kMaxInputName>* CrashSite::input_at(
    std::uintptr_t address) const noexcept {
  const std::size_t count = count_.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < count; ++i) {
    if (ranges_[i].begin <= address && address < ranges_[i].end) return &ranges_[i].input;
  }
  return nullptr;
}

}  // namespace vcengine
