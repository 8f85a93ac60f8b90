/// GStreamer as a peer: pipelines for gst-launch-1.0, where it is installed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine::bench {

/// Why a pipeline of these elements cannot be run here; none: it can.
std::optional<std::string> why_no_gstreamer(const std::vector<std::string>& elements);

/// Seconds that the pipeline was playing, by its own clock.
double gstreamer_seconds(const std::string& pipeline);

/// How old each buffer was at the sink since its source sent it, in us: by the tracer `latency`.
std::vector<double> gstreamer_ages(const std::string& pipeline);

}  // namespace vcengine::bench
