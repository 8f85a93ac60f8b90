#include "engine/control/cores.hpp"

#include <sched.h>

#include <cstddef>

namespace vcengine {

static_assert(kMostCores <= CPU_SETSIZE);

std::vector<int> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return {};
  std::vector<int> cores;
  for (int core = 0; core < kMostCores; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

std::string cores_text(const std::vector<int>& cores) {
  std::string text;
  for (std::size_t first = 0; first < cores.size();) {
    auto last = first;
    while (last + 1 < cores.size() && cores[last + 1] == cores[last] + 1) ++last;
    text += (text.empty() ? "" : ", ") + std::to_string(cores[first]);
    if (last > first) text += '-' + std::to_string(cores[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace vcengine
