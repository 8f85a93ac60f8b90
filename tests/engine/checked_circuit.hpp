/// Circuits as text, through the parser and the check, with the types of fake_type_source.hpp.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "engine/circuit/circuit_check.hpp"
#include "engine/circuit/circuit_parser.hpp"
#include "tests/engine/fake_type_source.hpp"

namespace vcengine {

inline Circuit parsed(const std::string& text) {
  return parse_circuit_text(text, "dir/c.yaml", [](const std::string&) { return std::nullopt; });
}

/// Each message without its source line and caret.
inline std::string messages_of(const Diagnostics& diagnostics) {
  std::string messages;
  for (auto diagnostic : diagnostics.all()) {
    diagnostic.line_text.clear();
    messages += (messages.empty() ? "" : "\n") + to_string(diagnostic);
  }
  return messages;
}

inline Plan plan_of(const std::string& text, CheckOptions options = {}) {
  auto types = usual_types();
  return check_circuit(parsed(text), types, nullptr, {}, options);
}

inline std::string refusal_of(const Circuit& circuit, CheckOptions options = {}) {
  auto types = usual_types();
  try {
    check_circuit(circuit, types, nullptr, {}, options);
  } catch (const CircuitError& error) {
    return messages_of(error.diagnostics());
  }
  return "accepted";
}
inline std::string refusal_of(const std::string& text, CheckOptions options = {}) {
  return refusal_of(parsed(text), options);
}

inline std::string warnings_of(const std::string& text, CheckOptions options = {}) {
  auto types = usual_types();
  Diagnostics warnings;
  check_circuit(parsed(text), types, &warnings, {}, options);
  return messages_of(warnings);
}

}  // namespace vcengine
