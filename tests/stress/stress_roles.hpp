/// What the processes of the stress test do; each is told by the host, over its socket, what to
/// map.
#pragma once

#include <cstdint>
#include <string>

namespace vcengine::test {

/// Descriptor of a role's end of the socket.
inline constexpr int kRoleSocket = 3;

enum class Manners {
  good,
  evil,     ///< writes random bytes over everything that it may write to
  unmoved,  ///< a good one beside an evil or lying writer: goes on after "wire corrupt"
  lying,    ///< a writer whose entries are almost right
};

/// Runs to its end; the exit status.
int play_role(const std::string& role, Manners manners);

}  // namespace vcengine::test
