#pragma once

namespace vcengine::test {

/// Bytes of a line that test.witness writes: when the frame was born (20), how many were missed
/// before it (10), a space, what is to be said of it, and the end of the line.
inline constexpr int kWitnessLine = 33;

}  // namespace vcengine::test
