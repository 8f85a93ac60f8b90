/// The pages of a capsule as its rerun maps them. [host]
#pragma once

#include <cstdint>

#include "engine/capsule/capsule.hpp"

namespace vcengine {

/// Of an input: its sender's page ends with the frame of the call, or before the next one if there
/// was none; its own has taken that frame and not worked on it to the end. The wire gets the number
/// `line`. Throws CapsuleError.
struct RerunInputPages {
  Bytes ring;
  Bytes reader;
};
RerunInputPages rerun_pages(const Capsule::Input& input, std::uint32_t line);

/// Where the payload of the frame belongs. Throws CapsuleError.
HeldFrame place_of_frame(const Capsule::Input& input, const Bytes& ring);

/// Of an output: the sequence goes on, and nothing is published.
Bytes rerun_ring(const Capsule::Output& output);

}  // namespace vcengine
