#pragma once

#include <cstdint>

namespace vcengine::test {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): decisions that look random and are the
/// same in each run.
constexpr std::uint64_t mixed_bits(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

}  // namespace vcengine::test
