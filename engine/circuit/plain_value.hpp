/// What the words of a circuit file mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vcengine/description.hpp"

namespace vcengine {

/// Text without quotes as a value: `true` and `false`, decimal numbers (`010` is ten), else text.
/// Narrower than YAML on purpose: no `yes`, no octal, nothing that surprises.
ParamValue plain_value(std::string_view text);

/// "64MiB", "1.5 GiB", "300kB" or bytes; none if it is no size or more than 2^53 bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "64 MiB": in the largest unit that shows it exactly.
std::string format_size(std::uint64_t bytes);

/// [a-z][a-z0-9_]*, at most 64 characters.
bool is_name(std::string_view text);

}  // namespace vcengine
