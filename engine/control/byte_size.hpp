/// Sizes in bytes, as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vcengine {

/// "64MiB", "1.5 GiB", "300kB" or bytes; none if it is no size or more than 2^53 bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "64 MiB", "512 MB", "1 byte": exactly, in the unit that takes the smallest number.
std::string size_text(std::uint64_t bytes);

}  // namespace vcengine
