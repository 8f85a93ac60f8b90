#include "tools/dev_loop/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "engine/control/program_path.hpp"

namespace vcengine {

namespace fs = std::filesystem;

namespace {

void require_programs() {
  if (!find_program("cmake"))
    throw ProjectError("no cmake on PATH; install the Debian package cmake");
  if (!find_program("ninja") && !find_program("make")) {
    throw ProjectError("neither ninja nor make on PATH; install the Debian package ninja-build");
  }
  if (std::getenv("CXX") == nullptr &&  // NOLINT(concurrency-mt-unsafe)
      !find_program("c++") && !find_program("g++") && !find_program("clang++")) {
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

bool Project::is_configured() const {
  return fs::exists(build() / "build.ninja") || fs::exists(build() / "Makefile");
}

std::vector<std::string> Project::configure_command() const {
  std::vector<std::string> argv{"cmake", "-S", folder.string(), "-B", build().string()};
  if (fs::exists(build() / "CMakeCache.txt")) return argv;  // what was chosen before stays
  if (find_program("ninja")) argv.insert(argv.end(), {"-G", "Ninja"});
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
