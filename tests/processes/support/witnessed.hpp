/// What a test.witness wrote down.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/processes/witness_line.hpp"

namespace vcengine::test {

/// Its last line; empty: it saw nothing.
inline std::string last_seen(const std::filesystem::path& file) {
  std::ifstream lines(file, std::ios::ate);
  const auto count = lines.good() ? static_cast<std::int64_t>(lines.tellg()) / kWitnessLine : 0;
  if (count == 0) return {};
  std::string line(kWitnessLine, ' ');
  lines.seekg((count - 1) * kWitnessLine).read(line.data(), kWitnessLine);
  return line;
}

/// When the newest picture that it saw was made, by the steady clock; 0: it saw none.
inline std::chrono::nanoseconds newest_seen(const std::filesystem::path& file) {
  const auto line = last_seen(file);
  return std::chrono::nanoseconds(line.empty() ? 0 : std::stoll(line));
}

}  // namespace vcengine::test
