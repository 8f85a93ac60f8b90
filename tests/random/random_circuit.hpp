/// Circuits without a plan: every block, wire and word of a circuit file that has to do with time,
/// mixed by a seed.
#pragma once

#include <cstdint>
#include <string>

namespace vcengine::test {

/// The text of a circuit file; the same for the same seed, whatever the compiler. Whether such a
/// circuit may run is for `vcengine check` to say: most may. It opens with comments for
/// CircuitNotes.
std::string random_circuit(std::uint64_t seed);

}  // namespace vcengine::test
