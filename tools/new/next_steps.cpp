#include "tools/new/next_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "tools/common/spec_text.hpp"
#include "tools/new/block_files.hpp"

namespace vcengine {

namespace fs = std::filesystem;

namespace {

std::string word(const fs::path& path) { return shell_word(path.string()); }

/// The program that a shell would start.
fs::path found_on_path(std::string_view name, std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find(':', begin), path.size());
    const auto file = fs::path(path.substr(begin, end - begin)) / name;
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return file;
    begin = end + 1;
  }
  return {};
}

}  // namespace

Surroundings surroundings_of(const fs::path& program, const std::string& path) {
  Surroundings found;
  std::error_code ignored;
  const auto host = program.parent_path() / "vcengine";
  if (!fs::equivalent(host, found_on_path("vcengine", path), ignored)) found.host = word(host);

  const auto prefix = program.parent_path().parent_path();
  const bool looked_at = prefix == "/usr" || prefix == "/usr/local" || prefix == "/";
  if (looked_at) return found;
  if (fs::exists(prefix / "CMakeCache.txt", ignored)) {
    found.build = prefix;
    found.prefix = prefix / "installed";
  } else if (fs::exists(prefix / "lib/cmake/vcengine/vcengineConfig.cmake", ignored)) {
    found.prefix = prefix;
  }
  return found;
}

std::string next_steps(const NewBlock& block, const fs::path& folder,
                       const Surroundings& surroundings) {
  const auto& [host, prefix, build] = surroundings;
  const auto install =
      build.empty() ? ""
                    : fmt::format("cmake --install {} --prefix {}\n", word(build), word(prefix));
  return fmt::format(
      "{0}cmake -S {1} -B {2}{3}\ncmake --build {2}\nctest --test-dir {2} --output-on-failure\n"
      "{4} {5}{6}\n",
      install, word(folder), word(folder / "build"),
      prefix.empty() ? "" : " -D CMAKE_PREFIX_PATH=" + word(prefix), host,
      word(folder / (block.name + ".yaml")), circuit_ends(block) ? "" : " --frames 300");
}

}  // namespace vcengine
