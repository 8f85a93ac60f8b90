#include "tools/dev_loop/project.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace vcengine {

namespace fs = std::filesystem;

namespace {

void require_programs() {
  if (!on_path("cmake")) throw ProjectError("no cmake on PATH; install the Debian package cmake");
  if (!on_path("ninja") && !on_path("make")) {
    throw ProjectError("neither ninja nor make on PATH; install the Debian package ninja-build");
  }
  if (std::getenv("CXX") == nullptr &&  // NOLINT(concurrency-mt-unsafe)
      !on_path("c++") && !on_path("g++") && !on_path("clang++")) {
    throw ProjectError("no C++ compiler on PATH; install the Debian package g++");
  }
}

std::vector<fs::path> circuits_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    const auto ending = entry.path().extension();
    if (!name.starts_with('.') && (ending == ".yaml" || ending == ".yml")) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::optional<fs::path> on_path(std::string_view name) {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  for (;;) {
    const auto colon = rest.find(':');
    const auto file = fs::path(rest.substr(0, colon)) / name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    if (colon == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(colon + 1);
  }
}

bool Project::is_configured() const {
  return fs::exists(build() / "build.ninja") || fs::exists(build() / "Makefile");
}

std::vector<std::string> Project::configure_command() const {
  std::vector<std::string> argv{"cmake", "-S", folder.string(), "-B", build().string()};
  if (fs::exists(build() / "CMakeCache.txt")) return argv;  // what was chosen before stays
  if (on_path("ninja")) argv.insert(argv.end(), {"-G", "Ninja"});
  argv.emplace_back(
      "-DCMAKE_BUILD_TYPE=RelWithDebInfo");  // as fast as it will be, with line numbers
  return argv;
}

std::vector<std::string> Project::build_command() const {
  return {"cmake", "--build", build().string(), "--parallel",
          std::to_string(std::max(1U, std::thread::hardware_concurrency()))};
}

std::vector<std::string> Project::test_command() const {
  return {"ctest",          "--test-dir",
          build().string(), "--output-on-failure",
          "--output-junit", test_results().string(),
          "--parallel",     std::to_string(std::max(1U, std::thread::hardware_concurrency()))};
}

Project open_project(const fs::path& folder, const fs::path& circuit) {
  if (!fs::is_directory(folder)) {
    throw ProjectError(fmt::format("there is no folder '{}'", folder.string()));
  }
  Project project{.folder = fs::canonical(folder), .circuit = {}, .why_no_circuit = {}};
  if (!fs::exists(project.folder / "CMakeLists.txt")) {
    throw ProjectError(
        fmt::format("'{}' has no CMakeLists.txt; `vcengine new block my.name` makes a "
                    "folder that has one",
                    folder.string()));
  }
  if (!circuit.empty()) {
    const auto here = fs::exists(circuit) ? circuit : project.folder / circuit;
    if (!fs::exists(here)) {
      throw ProjectError(fmt::format("there is no circuit '{}'", circuit.string()));
    }
    project.circuit = fs::canonical(here);
  } else {
    const auto circuits = circuits_in(project.folder);
    if (circuits.size() == 1) {
      project.circuit = circuits.front();
    } else if (circuits.empty()) {
      project.why_no_circuit = "there is no circuit in this folder: it is only built and tested";
    } else {
      std::string names;
      for (const auto& one : circuits) {
        names += (names.empty() ? "" : ", ") + one.filename().string();
      }
      project.why_no_circuit = "several circuits (" + names + "): name the one to run";
    }
  }
  require_programs();
  return project;
}

}  // namespace vcengine
