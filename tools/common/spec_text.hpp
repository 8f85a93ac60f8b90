/// Text as it comes from the command line and goes into files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

std::string lower(std::string_view text);  ///< ASCII only

/// Splits at each ':' but those of "std::".
std::vector<std::string_view> split_spec(std::string_view spec);

/// Throws Refusal for control characters and what is no UTF-8, which would break the files that
/// `text` goes into.
void require_plain_text(std::string_view text, std::string_view what);

std::string cpp_text(std::string_view text);       ///< "…" in C++
std::string yaml_text(std::string_view text);      ///< "…" in a circuit, where ${ is replaced
std::string markdown_cell(std::string_view text);  ///< within a table
std::string shell_word(std::string_view text);     ///< quoted if the shell would read more into it

}  // namespace vcengine
