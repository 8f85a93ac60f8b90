/// A worker's dialogue with the host, from hello to the end of its block. [worker]
#pragma once

#include "engine/control/channel.hpp"
#include "engine/crash/crash_handler.hpp"

namespace vcengine {

/// Versions that host and worker must agree on before anything is handed over.
JsonObject hello_message();

/// Serves the host on `channel` until the block has ended. Problems of the block or of the set-up
/// are told to the host and give a status other than 0; then nothing is left to be done but to
/// exit.
int serve_host(Channel channel, CrashSite& crash_site);

}  // namespace vcengine
