/// Pages of a wire in memory of exactly their size, so that AddressSanitizer sees a byte too far;
/// and a process that writes over them.
#pragma once

#include <cstring>
#include <new>

#include "tests/fuzz/fuzz_input.hpp"
#include "wire/ring.hpp"

namespace vcengine::fuzz {

class PageBytes {
 public:
  explicit PageBytes(std::size_t size)
      : bytes_(static_cast<std::byte*>(::operator new(size, kAlignment)), size) {
    std::memset(bytes_.data(), 0, size);
  }
  PageBytes(const PageBytes&) = delete;
  PageBytes& operator=(const PageBytes&) = delete;
  ~PageBytes() { ::operator delete(bytes_.data(), kAlignment); }

  std::span<std::byte> bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::align_val_t kAlignment{wire::kLine};
  std::span<std::byte> bytes_;
};

/// Writes over one aligned word of a page, wherever the input says: half of them at its beginning,
/// before the long tables.
inline void scribble(Input& input, std::span<std::byte> page) {
  constexpr std::size_t kBeginning = 512, kWord = sizeof(std::uint64_t);
  const auto size = input.flag() ? page.size() : std::min(page.size(), kBeginning);
  auto* word = page.data() + input.below(size / kWord) * kWord;
  std::uint64_t value = 0;
  std::memcpy(&value, word, sizeof value);
  value = input.word(value);
  std::memcpy(word, &value, sizeof value);
}

/// Every byte of it can be read, as far as AddressSanitizer can tell from its ends.
inline void read_ends(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const auto first = bytes.front(), last = bytes.back();
  asm volatile("" : : "r"(first), "r"(last));  // so that they are read
}

}  // namespace vcengine::fuzz
