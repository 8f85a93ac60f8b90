/// What the words of a circuit file mean.
#pragma once

#include <string_view>

#include "vcengine/description.hpp"

namespace vcengine {

/// Text without quotes as a value: `true` and `false`, decimal numbers (`010` is ten), else text.
/// Narrower than YAML on purpose: no `yes`, no octal, nothing that surprises.
ParamValue plain_value(std::string_view text);

/// [a-z][a-z0-9_]*, at most 64 characters.
bool is_name(std::string_view text);

}  // namespace vcengine
