/// The describing child: a worker process that loads one plugin, says what is in it, and ends.
/// Whatever the plugin does meanwhile costs this process alone.
#pragma once

#include <span>

namespace vcengine {

/// The worker's main function if its first argument is `--describe`. The arguments, without
/// argv[0]:
///   --describe FILE [--type TYPE [--params JSON]] [--parent PID] [--fd NUMBER]
/// Writes one PluginDescription as JSON to descriptor NUMBER (3) and ends the process, without
/// running destructors of statics. Returns only for wrong arguments, with status 2.
int describe_main(std::span<const char* const> args);

}  // namespace vcengine
