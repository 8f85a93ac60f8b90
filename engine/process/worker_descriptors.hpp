#pragma once

namespace vcengine {

/// What a worker finds open beside its standard streams.
inline constexpr int kControlDescriptor = 3;  ///< its end of the control socket
inline constexpr int kCrashDescriptor = 4;    ///< an empty file for its last words

}  // namespace vcengine
