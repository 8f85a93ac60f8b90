/// Settings as circuits and people write them.
#pragma once

#include <string>

#include "vcengine/description.hpp"

namespace vcengine {

/// 50ms, "text", 0.5; empty for what circuits have no words for (infinities).
std::string in_circuit(const ParamInfo& param, const ParamValue& value);

/// Its initial value is a path of no file: who uses the block names one.
bool needs_path(const ParamInfo& param);

/// A limit that somebody chose, not that of the C++ type.
bool is_chosen(const ParamValue& limit);

}  // namespace vcengine
