// Any text as a circuit file: CircuitError with something to read, or a plan.
#include "tests/engine/checked_circuit.hpp"
#include "tests/fuzz/fuzz_input.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vcengine;
  fuzz::Input input(data, size);
  try {
    const auto plan = plan_of(std::string(input.rest()));
    fuzz::require(!plan.blocks.empty(), "a plan has blocks");
  } catch (const CircuitError& error) {
    fuzz::require(std::string_view(error.what()).size() > 1, "a refusal says why");
  }
  return 0;
}
