/// `vcengine dev`: builds, tests and runs blocks whenever they are saved.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/dev_loop/dev_loop.hpp"

namespace {

namespace fs = std::filesystem;
using namespace vcengine;

constexpr int kBadCommandLine = 2;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Builds and tests the blocks in FOLDER, runs their circuit, and does so again after each "
      "save.\n"
      "A build or a test that fails leaves the circuit running as it was.",
      "vcengine dev");
  fs::path folder, circuit;
  DevOptions options;
  app.add_option("folder", folder, "The folder with CMakeLists.txt; it is built in its `build`")
      ->required()
      ->type_name("DIR");
  app.add_option("circuit", circuit, "The circuit to run (default: the only one in the folder)")
      ->type_name("FILE");
  app.add_option("options", options.run_arguments, "Options of the run, behind --")
      ->type_name("OPTION");
  app.add_flag("--verbose", options.verbose, "Show all that CMake, compilers and tests print");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "vcengine dev: %s; `vcengine dev --help` lists the options\n",
                 error.what());
    return kBadCommandLine;
  }
  if (circuit.native().starts_with('-')) {  // `vcengine dev folder -- --paced`
    options.run_arguments.insert(options.run_arguments.begin(), circuit.string());
    circuit.clear();
  }
  try {
    auto project = open_project(folder, circuit);
    options.host = fs::read_symlink("/proc/self/exe").replace_filename("vcengine");
    Terminal terminal;
    return DevLoop(std::move(project), std::move(options), terminal).run();
  } catch (const ProjectError& error) {
    std::fprintf(stderr, "vcengine dev: %s\n", error.what());
    return kBadCommandLine;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vcengine dev: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
