#include "peers.hpp"

#include <exception>
#include <string>

#if VCENGINE_BENCH_ICEORYX
#include "iceoryx_peer.hpp"
#endif
#if VCENGINE_BENCH_ZEROMQ
#include "zeromq_peer.hpp"
#endif

namespace vcengine::bench {

std::vector<Peer> find_peers([[maybe_unused]] Figures& figures) {
  std::vector<Peer> peers;
#if VCENGINE_BENCH_ICEORYX
  try {
    peers.push_back(iceoryx_peer());
  } catch (const std::exception& error) {
    figures.note("iceoryx", error.what());
    figures.note("iceoryx_over_spin", error.what());
  }
#else
  for (const auto* about : {"iceoryx", "iceoryx_over_spin"}) {
    figures.note(about, "not found when this was configured (Debian: libiceoryx-posh-dev)");
  }
#endif
#if VCENGINE_BENCH_ZEROMQ
  peers.push_back(zeromq_peer());
#else
  figures.note("zeromq", "not found when this was configured (Debian: libzmq3-dev)");
#endif
  return peers;
}

}  // namespace vcengine::bench
