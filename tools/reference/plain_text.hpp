/// What a plugin says of itself may be any bytes: made fit for one line of a document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vcengine {

/// One line of UTF-8: control characters become spaces, and what is no UTF-8, or no character of
/// XML, a '?'. Spaces at the ends are gone.
std::string plain_line(std::string_view text);

/// How many characters of equal width a plain line has.
std::size_t columns(std::string_view line);

}  // namespace vcengine
