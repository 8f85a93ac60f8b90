/// The status of a running circuit in one line; writing it: engine/show/status_line.hpp.
#pragma once

#include <string>

#include "engine/run/run_stats.hpp"
#include "engine/show/human_units.hpp"
#include "engine/show/run_history.hpp"

namespace vcengine {

/// "edges 52%, 0:15 left, age 12.3 ms, 3 dropped | view 412, 24.8/s | mask 411, 24.7/s"
///
/// Percentage and time left are those of the source that is furthest from its end; age is that of
/// the oldest picture shown (p50); what may be cut off on a narrow terminal comes last. `history`
/// has already seen `stats`.
std::string status_text(const RunStats& stats, const RunHistory& history, Glyphs glyphs);

}  // namespace vcengine
