/// Text of block authors in Markdown pages, where nothing of it may be taken for Markdown, HTML or
/// a formula.
#pragma once

#include <string>
#include <string_view>

namespace vcengine {

/// As a paragraph, or within one or a cell of a table.
std::string markdown(std::string_view text);

/// A sentence: as above, with a full stop unless it ends with a mark of its own.
std::string markdown_sentence(std::string_view text);

/// `text`, also in a cell of a table; nothing for an empty text.
std::string markdown_code(std::string_view text);

}  // namespace vcengine
