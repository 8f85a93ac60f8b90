#pragma once

#include <filesystem>

#include "engine/crash/crash_handler.hpp"

namespace vcengine {

/// Makes the call that the block of a capsule died in once more, in a process that is its own host:
/// for a debugger or a memory checker, which start it themselves. What comes of it is written to
/// stderr. 0: process() returned. [worker]
int rerun_capsule(const std::filesystem::path& folder, bool limits, CrashSite& crash_site);

}  // namespace vcengine
