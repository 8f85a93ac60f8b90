/// Last words of a worker: which instruction crashed, who called it, what it touched. [worker]
///
/// Runs inside a process that is already broken. Invariants:
///  1. Only async-signal-safe calls, no allocation, no lock, on a stack of its own (main thread).
///  2. The record without the unwound stack is written before the stack is unwound: a crash of the
///     unwinder costs only what it would have added.
///  3. Whatever happens, the process dies of the signal that came first, at once: the host sees it.
#pragma once

#include "engine/crash/crash_site.hpp"

namespace vcengine {

/// Handles the signals that mean a crash from now on: writes a CrashRecord to `report_fd`, an empty
/// file, and lets the signal take its default action. Both arguments must outlive the process. Call
/// it once, on the main thread, whose stack overflow is caught as well. Throws std::system_error.
void install_crash_handler(const CrashSite& site, int report_fd);

}  // namespace vcengine
