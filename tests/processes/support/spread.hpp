#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace vcengine::test {

/// "p50   9.9 ms, p99  18.5 ms, max  18.6 ms"; nothing, if there are none.
inline std::string spread_of(std::vector<double> milliseconds) {
  if (milliseconds.empty()) return {};
  std::ranges::sort(milliseconds);
  const auto at = [&](double share) {
    return milliseconds[static_cast<std::size_t>(share *
                                                 static_cast<double>(milliseconds.size() - 1))];
  };
  return fmt::format("p50 {:5.1f} ms, p99 {:5.1f} ms, max {:5.1f} ms", at(0.5), at(0.99), at(1));
}

}  // namespace vcengine::test
