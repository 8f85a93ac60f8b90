/// What matters in the output of a failed build: GCC's and Clang's errors, the linker's, CMake's.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

struct BuildError {
  std::string place;                ///< "my.cpp:12:3"; empty if it has none
  std::string message;              ///< "expected ';' before '}' token"
  std::vector<std::string> source;  ///< the line with its caret, as the compiler shows it
  std::string cause;  ///< where a template was used, if the error is in another one's file
};

/// In their order, each once. Warnings, notes, command lines and the chain of includes are left
/// out.
std::vector<BuildError> find_build_errors(std::string_view output);

/// The first `most` of them for a terminal, files below `folder` by their relative names; the end
/// of the output if nothing in it looks like an error.
std::string short_build_errors(std::string_view output, const std::filesystem::path& folder,
                               std::size_t most = 3);

}  // namespace vcengine
