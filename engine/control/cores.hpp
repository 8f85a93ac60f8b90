/// Processor cores by their numbers.
#pragma once

#include <string>
#include <vector>

namespace vcengine {

/// Numbers of cores are below this.
inline constexpr int kMostCores = 1024;

/// Those that this process may use, ascending; none if the kernel does not say.
std::vector<int> usable_cores();

/// "0-3, 6": of ascending numbers.
std::string cores_text(const std::vector<int>& cores);

}  // namespace vcengine
