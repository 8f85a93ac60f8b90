#pragma once

#include <cstdint>

namespace vcengine {

/// Exit statuses of a run; part of the user's interface.
enum class ExitStatus : std::uint8_t {
  success = 0,
  failure = 1,        ///< of the host itself
  bad_circuit = 2,    ///< or a bad command line: nothing was started
  block_gave_up = 3,  ///< a block died, could not start, or could not go on
  interrupted = 130,  ///< Ctrl-C
  terminated = 143,   ///< SIGTERM or SIGHUP
};

}  // namespace vcengine
