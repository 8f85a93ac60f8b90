/// The command line of `vcengine test`.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace vcengine {

struct TestCommand {
  std::vector<std::filesystem::path> what;  ///< plugins, and folders of them
  std::vector<std::string> settings;        ///< as typed: "path=a.avi", "io.camera.device=1"
  std::filesystem::path folder;             ///< where relative paths of settings start
  std::vector<std::string> checks;          ///< names of checks to make; empty: the usual ones
  std::chrono::milliseconds timeout{60'000};
  std::size_t frames = 1000;
  std::size_t at_once = 2;
  bool valgrind = false;
  bool strict = false;
  bool list = false;
  std::filesystem::path junit;
};

/// Help, or what is wrong: text to print, and the exit status to end with.
struct PrintedText {
  std::string text;
  int status = 0;
};

std::variant<TestCommand, PrintedText> parse_test_command(int argc, const char* const* argv);

}  // namespace vcengine
