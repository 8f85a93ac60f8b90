/// What a test.witness wrote down.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "tests/processes/witness_line.hpp"

namespace vcengine::test {

/// When the newest picture that it saw was made, by the steady clock; 0: it saw none.
inline std::chrono::nanoseconds newest_seen(const std::filesystem::path& file) {
  std::ifstream lines(file, std::ios::ate);
  const auto count = lines.good() ? static_cast<std::int64_t>(lines.tellg()) / kWitnessLine : 0;
  std::int64_t born = 0;
  if (count > 0) lines.seekg((count - 1) * kWitnessLine) >> born;
  return std::chrono::nanoseconds(born);
}

}  // namespace vcengine::test
