/// What the words after `vcengine reference` ask for.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace vcengine {

struct PagesRequest {
  std::vector<std::string> what;  ///< types and plugin files; none: all that the host finds
  std::vector<std::string> plugin_folders;
  std::filesystem::path folder{"."};
  bool index = false;
};

/// Help, or a mistake.
struct PrintRequest {
  std::string text;
  int status = 0;
};

std::variant<PagesRequest, PrintRequest> parse_reference(int argc, const char* const* argv);

}  // namespace vcengine
