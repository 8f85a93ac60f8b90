/// Which running circuit is meant.
#pragma once

#include <string>

#include "engine/control/control_client.hpp"

namespace vcengine {

/// The one of that name or process id, or, if `wanted` is empty, the only one. Throws Refusal,
/// which lists those there are.
ControlClient choose_circuit(const std::string& wanted);

/// Its answer; throws Refusal with its words if it refuses.
JsonObject ask(ControlClient& circuit, JsonObject request);

}  // namespace vcengine
