/// What the words after `vcengine new` ask for.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "tools/new/new_block.hpp"

namespace vcengine {

struct BlockRequest {
  BlockWords words;
  std::filesystem::path folder;  ///< in which the block's own folder is made
};

struct CircuitRequest {
  std::string name;
  std::vector<std::string> types;
  std::vector<std::string> plugin_folders;
  std::filesystem::path folder;
};

/// Help, or a mistake.
struct PrintRequest {
  std::string text;
  int status = 0;
};

using Request = std::variant<BlockRequest, CircuitRequest, PrintRequest>;

Request parse_new(int argc, const char* const* argv);

/// Port and parameter types as tables.
std::string type_list();

}  // namespace vcengine
