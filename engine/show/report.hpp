/// What a person reads when a run is over: a table of its blocks and one of its wires.
#pragma once

#include <string>

#include "engine/run/run_stats.hpp"
#include "engine/show/human_units.hpp"

namespace vcengine {

/// Lines of text, each ended; as JSON: engine/control/report_json.hpp.
std::string report(const RunStats& stats, Glyphs glyphs);

}  // namespace vcengine
