/// What a block says of itself, as JSON: between the describing child and the host, in the
/// catalog's cache, and for tools. Each pair of functions is its own inverse, for every value.
#pragma once

#include "engine/catalog/plugin_description.hpp"
#include "engine/control/json.hpp"
#include "vcengine/description.hpp"

namespace vcengine {

/// A bool, whole number, real or text. Reals stay reals (1.0 is not 1); NaN and infinities, which
/// JSON has no words for, become {"real": "inf"}.
Json to_json(const ParamValue& value);
Json to_json(const std::vector<FieldInfo>& fields);
Json to_json(const PortInfo& port);
Json to_json(const ParamInfo& param);
Json to_json(const BlockInfo& block);
Json to_json(const PluginDescription& plugin);

/// Throw JsonError: "port 2: 'role' must be in, latest or out, not 'upward'".
ParamValue param_value_from_json(const Json& json);
std::vector<FieldInfo> fields_from_json(const JsonObject& object, std::string_view name);
PortInfo port_info_from_json(const Json& json);
ParamInfo param_info_from_json(const Json& json);
BlockInfo block_info_from_json(const Json& json);
PluginDescription plugin_description_from_json(const Json& json);

}  // namespace vcengine
