/// What a running circuit and the tools that control it agree on: sdk/doc/live_control.md says it
/// in words. For the host and for tools.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace vcengine {

/// In the host's greeting. Changes only if an old client would misread what is sent.
inline constexpr int kControlProtocol = 1;

inline constexpr std::size_t kMaxControlClients = 16;
inline constexpr std::size_t kMaxRequestBytes = std::size_t{64} << 10;
/// Of answers that a client has not read; one that leaves more is disconnected.
inline constexpr std::size_t kMaxUnreadBytes = std::size_t{1} << 20;

/// Requests a second, of all clients together: what is above waits in the clients' sockets, so that
/// no client takes a core from the circuit. After a quiet while some more are answered at once.
inline constexpr int kRequestsPerSecond = 1000;
inline constexpr int kRequestsAtOnce = 200;

/// For what a worker must confirm: a block may be in a long process().
inline constexpr std::chrono::seconds kConfirmTime{5};

inline constexpr std::string_view kControlSuffix = ".sock";

}  // namespace vcengine
