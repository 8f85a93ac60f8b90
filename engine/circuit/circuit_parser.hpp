/// From the text of a circuit file to a Circuit. Knows YAML and the words of the format; whether
/// types, ports and settings exist is circuit_check's business.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/environment.hpp"

namespace vcengine {

/// Throws CircuitError with all errors of meaning, or the first one of syntax.
Circuit parse_circuit(const std::filesystem::path& file);
/// The same, but errors of meaning are added to `errors` for the check to go on: what it finds in
/// the rest is then said at the same time.
Circuit parse_circuit(const std::filesystem::path& file, Diagnostics& errors);
Circuit parse_circuit_text(std::string text, std::filesystem::path file,
                           const Environment& environment);

/// Overrides a setting as the command line asks for: `detect.low=60`. Throws CircuitError.
void apply_set(Circuit& circuit, std::string_view assignment);

}  // namespace vcengine
