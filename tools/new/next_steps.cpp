#include "tools/new/next_steps.hpp"

#include <fmt/format.h>

#include <string_view>
#include <system_error>

#include "engine/control/program_path.hpp"
#include "tools/common/spec_text.hpp"
#include "tools/new/block_files.hpp"

namespace vcengine {

namespace fs = std::filesystem;

namespace {

std::string word(const fs::path& path) { return shell_word(path.string()); }

}  // namespace

Surroundings surroundings_of(const fs::path& program, const std::string& path) {
  Surroundings found;
  std::error_code ignored;
  const auto host = program.parent_path() / "vcengine";
  const auto called = find_program("vcengine", path);
  if (!called || !fs::equivalent(host, *called, ignored)) found.host = word(host);

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
