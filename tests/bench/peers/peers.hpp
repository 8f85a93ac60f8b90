/// Who else passes frames between processes, found when this was configured.
#pragma once

#include <vector>

#include "figures.hpp"
#include "steps.hpp"

namespace vcengine::bench {

/// Those that can be asked here; of the others a note says why not. What they need (a daemon) runs
/// until the last copy of them is gone.
std::vector<Peer> find_peers(Figures& figures);

}  // namespace vcengine::bench
