/// The report of a run for programs: `vcengine --json`, and `stats` on the control socket.
///
///   {"circuit": "edges", "running_ns": 3420000000,
///    "blocks": [{"name": "detect", "type": "vision.edge_detector", "source": false, "sink": false,
///                "finished": true, "frames": 795, "exceptions": 0,
///                "process_ns": {"p50": 2200000, "p99": 3100000},     null: nothing measured
///                "progress": {"done": 795, "total": 795}}],          null: length unknown
///    "wires": [{"from": "camera.frames", "to": "detect.image", "policy": "wait", "depth": 2,
///               "published": 795, "taken": 795, "dropped": {"superseded": 3}, "in_flight": 0,
///               "age_ns": {"p50": 5200000, "p99": 9100000}}]}        null: nothing measured
///
/// Keys are only ever added. All durations are whole nanoseconds. For each wire,
/// published = taken + all of dropped + in_flight.
#pragma once

#include <string>

#include "engine/run/run_stats.hpp"

namespace vcengine {

/// One JSON object on one line, without a line end.
std::string report_json(const RunStats& stats);

}  // namespace vcengine
