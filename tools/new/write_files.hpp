/// Puts new files on disk: all of them or none, and never over something that is there.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "tools/new/block_files.hpp"

namespace vcengine {

class WriteError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Makes `folder`, whose parent must exist, with `files` in it. Throws Refusal if there is
/// something of that name, WriteError if the system does not let us; nothing is left behind then.
void write_folder(const std::filesystem::path& folder, const std::vector<NewFile>& files);

/// The same for a file by itself.
void write_new_file(const std::filesystem::path& file, std::string_view text);

}  // namespace vcengine
