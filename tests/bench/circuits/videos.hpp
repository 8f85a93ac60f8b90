#pragma once

#include <cstddef>
#include <string>

namespace vcengine::bench {

/// The video, scaled to 1920x1080, as MJPEG in AVI at 30 frames a second; repeated from its start
/// if it is too short. Made once, and kept in the build folder.
std::string video_at_1080p(const std::string& video, std::size_t frames);

}  // namespace vcengine::bench
