#include "engine/worker/apply_resources.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "engine/control/cores.hpp"

namespace vcengine {

namespace {

std::string reason() { return std::generic_category().message(errno); }

void use_cores(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(core, &set);
  if (::sched_setaffinity(0, sizeof set, &set) == 0) return;
  throw std::runtime_error(
      fmt::format("the system refuses its cpu: {} ({}); choose cores that "
                  "vcengine may use",
                  cores_text(cores), reason()));
}

void be_nice(int nice) {
  if (::setpriority(PRIO_PROCESS, 0, nice) == 0) return;
  throw std::runtime_error(
      fmt::format("the system refuses its nice: {} ({}); start vcengine with RLIMIT_NICE at {} or "
                  "more (`ulimit -e {}`, which root may raise) or with the capability CAP_SYS_NICE",
                  nice, reason(), 20 - nice, 20 - nice));
}

void work_in(const std::filesystem::path& folder) {
  if (::chdir(folder.c_str()) == 0) return;
  throw std::runtime_error(
      fmt::format("it cannot work in its cwd '{}' ({})", folder.string(), reason()));
}

}  // namespace

void apply_resources(const Resources& resources, MemoryLimit& memory) {
  if (!resources.cwd.empty()) work_in(resources.cwd);
  if (!resources.cores.empty()) use_cores(resources.cores);
  if (resources.nice) be_nice(*resources.nice);
  if (resources.memory) memory.set(*resources.memory);
}

}  // namespace vcengine
