/// Text that others wrote, made fit for one line of a terminal. Input is any bytes; no locale is
/// needed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/show/human_units.hpp"

namespace vcengine {

/// Columns that `text` takes: 0 for combining marks, 2 for East Asian wide characters and emoji.
std::size_t display_width(std::string_view text);

/// `text` in at most `columns` columns, ending in an ellipsis if something had to go.
std::string truncate_to_width(std::string_view text, std::size_t columns, Glyphs glyphs);

/// Without control characters and broken UTF-8 ('?' instead), so that the cursor stays in its line.
/// Tabs and colours stay; colours are switched off again at the end.
std::string one_terminal_line(std::string_view text);

}  // namespace vcengine
