/// What valgrind found, from the XML that it writes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace vcengine {

/// The first error that has code of `plugin` in its stack, in words: "Invalid read of size 4, in
/// Sum::process() at sum.cpp:14 (and 3 more errors)". Others are errors of the libraries, which set
/// themselves up in strange ways. None if there is none; throws std::runtime_error if `file` cannot
/// be read.
std::optional<std::string> first_error(const std::filesystem::path& file,
                                       const std::filesystem::path& plugin);

}  // namespace vcengine
