#pragma once

#include <string>

namespace vcengine::bench {

/// Where something was measured.
struct Machine {
  std::string cpu, kernel;
  int cores = 0;            ///< that this process may use
  double load = 0;          ///< runnable processes on average, over the last minute
  bool is_virtual = false;  ///< a hypervisor shares the cores with others
};

Machine this_machine();

/// "Intel(R) Xeon(R), 2 cores of a virtual machine, Linux 6.1.0, load 0.3"
std::string text_of(const Machine& machine);

}  // namespace vcengine::bench
