#include "machine.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>
#include <string_view>

#include "cores.hpp"

namespace vcengine::bench {

Machine this_machine() {
  Machine machine;
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name")) machine.cpu = line.substr(colon + 2);
    if (line.starts_with("flags")) machine.is_virtual = line.find(" hypervisor") != line.npos;
    if (line.starts_with("power management")) break;
  }
  utsname names{};
  ::uname(&names);
  machine.kernel = std::string(names.sysname) + ' ' + names.release;
  if (machine.cpu.empty()) machine.cpu = names.machine;  // ARM names no model there
  machine.cores = static_cast<int>(usable_cores().size());
  ::getloadavg(&machine.load, 1);
  return machine;
}

std::string text_of(const Machine& machine) {
  return fmt::format("{}, {} {}{}, {}, load {:.1f}", machine.cpu, machine.cores,
                     machine.cores == 1 ? "core" : "cores",
                     machine.is_virtual ? " of a virtual machine" : "", machine.kernel,
                     machine.load);
}

}  // namespace vcengine::bench
