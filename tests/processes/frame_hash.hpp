#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vcengine::test {

/// Differs, for all that ever happens, if one bit of the bytes or their number does. (Each word is
/// mixed by a multiplication and a rotation, which lose nothing.)
inline std::uint64_t hash_of(const void* bytes, std::size_t size) {
  std::uint64_t hash = 0x9e3779b97f4a7c15U ^ size;
  const auto* at = static_cast<const unsigned char*>(bytes);
  for (; size > 0;) {
    std::uint64_t word = 0;
    const auto part = size < sizeof word ? size : sizeof word;
    std::memcpy(&word, at, part);
    hash = std::rotl((hash ^ word) * 0xff51afd7ed558ccdU, 29);
    at += part;
    size -= part;
  }
  return hash;
}

}  // namespace vcengine::test
