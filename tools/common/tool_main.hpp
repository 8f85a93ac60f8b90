/// What the main() of a tool that writes files comes to.
#pragma once

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>

#include "tools/common/refusal.hpp"

namespace vcengine {

/// The exit status of `run()`: 2 for what cannot be made, 1 for anything else that was thrown; its
/// words behind `tool`, "vcengine new".
template <class Run>
int tool_main(std::string_view tool, Run run) {
  // Over a limit on the size of files, writing shall fail and say so: what is half-written is
  // removed then.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run();
  } catch (const Refusal& refusal) {
    fmt::print(stderr, "{}: {}\n", tool, refusal.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", tool, error.what());
    return 1;
  }
}

}  // namespace vcengine
