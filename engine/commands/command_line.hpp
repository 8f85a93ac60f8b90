#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/run/exit_status.hpp"
#include "engine/run/run_options.hpp"

namespace vcengine {

struct RunCommand {
  std::filesystem::path circuit;
  std::vector<std::filesystem::path> plugin_folders;
  std::vector<std::string> settings;  ///< "detect.low=60"
  RunOptions options;
  std::optional<std::string> capsules;  ///< a folder, "none", or as the environment says
  bool quiet = false;
  bool json = false;
};

/// A run with one block's worker under gdb.
struct DebugCommand {
  RunCommand run;
  std::string block;
  std::vector<std::string> commands;  ///< of gdb
};

struct CheckCommand {
  std::filesystem::path circuit;
  std::vector<std::filesystem::path> plugin_folders;
  std::vector<std::string> settings;
  bool offline = false;
};

struct InspectCommand {
  std::string what;  ///< a type, a plugin file, a circuit, or nothing: all types
  std::vector<std::filesystem::path> plugin_folders;
  std::vector<std::string> settings;  ///< of a circuit
  bool offline = false;
  bool json = false;
};

/// What a block died of, once more.
struct RerunCommand {
  std::filesystem::path capsule;
  std::vector<std::string> commands;  ///< of gdb
  bool gdb = false;
  bool valgrind = false;
};

/// `vcengine WORD …`: the program vcengine-WORD.
struct ToolCommand {
  std::string name;
  std::vector<std::string> arguments;
};

/// Text to print (help, version, or what is wrong), and the status to exit with.
struct PrintCommand {
  std::string text;
  ExitStatus status = ExitStatus::success;
};

using Command = std::variant<RunCommand, DebugCommand, CheckCommand, InspectCommand, RerunCommand,
                             ToolCommand, PrintCommand>;

Command parse_command_line(int argc, const char* const* argv);

}  // namespace vcengine
