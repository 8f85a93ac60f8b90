#include "engine/control/program_path.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace vcengine {

namespace fs = std::filesystem;

std::optional<fs::path> find_program(std::string_view name, std::string_view path) {
  while (!path.empty()) {
    const auto folder = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(folder.size() + 1, path.size()));
    if (folder.empty()) continue;
    auto program = fs::path(folder) / name;
    std::error_code unreadable;
    if (fs::is_regular_file(program, unreadable) && ::access(program.c_str(), X_OK) == 0) {
      return program;
    }
  }
  return std::nullopt;
}

std::optional<fs::path> find_program(std::string_view name) {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return find_program(name, path != nullptr ? path : "/usr/bin:/bin");
}

}  // namespace vcengine
