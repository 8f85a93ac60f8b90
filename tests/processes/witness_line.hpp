#pragma once

namespace vcengine::test {

/// Bytes of a line that test.witness writes.
inline constexpr int kWitnessLine = 24;

}  // namespace vcengine::test
