#include "cores.hpp"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>
#include <system_error>

namespace vcengine::bench {

namespace {

std::vector<int> threads_of_the_core_of(int cpu) {
  std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) +
                     "/topology/thread_siblings_list");
  std::string list;
  std::getline(file, list);
  return parse_core_list(list);
}

}  // namespace

std::vector<int> parse_core_list(std::string_view text) {
  std::vector<int> cores;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    int first = 0;
    const auto* end = part.data() + part.size();
    const auto [dash, error] = std::from_chars(part.data(), end, first);
    if (error != std::errc()) continue;
    int last = first;
    if (dash != end && *dash == '-') std::from_chars(dash + 1, end, last);
    for (int core = first; core <= last; ++core) cores.push_back(core);
  }
  return cores;
}

std::optional<std::array<int, 2>> two_cores() {
  const auto cores = vcengine::usable_cores();
  if (cores.size() < 2) return std::nullopt;
  const auto siblings = threads_of_the_core_of(cores[0]);
  const auto other = std::ranges::find_if(cores.begin() + 1, cores.end(), [&](int core) {
    return std::ranges::find(siblings, core) == siblings.end();
  });
  return std::array{cores[0], other == cores.end() ? cores[1] : *other};
}

void pin_to(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot run on core " + std::to_string(core));
  }
}

}  // namespace vcengine::bench
