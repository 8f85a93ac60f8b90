#pragma once

#include <filesystem>
#include <string_view>

namespace vcengine {

/// Puts `content` in the place of `file`, making its folders: whoever reads it, at any time and
/// after any crash of ours, finds the old content or the new one, never a part. Not so after a
/// power cut: it does not wait for the disk. False, with nothing left behind, if it cannot be done.
bool replace_file(const std::filesystem::path& file, std::string_view content);

}  // namespace vcengine
