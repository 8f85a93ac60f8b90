/// Words that somebody else has a meaning for.
#pragma once

#include <string_view>

namespace vcengine {

bool is_cpp_word(std::string_view word);      ///< keyword, macro of the C library, namespace in use
bool is_block_member(std::string_view word);  ///< function that every block has
bool is_cmake_target(std::string_view word);  ///< or the beginning of one
bool is_yaml_word(std::string_view word);     ///< null, true …: no text, without quotes

}  // namespace vcengine
