#include "engine/commands/command_line.hpp"

#include <CLI/CLI.hpp>
#include <string_view>

#include "engine/version.hpp"
#include "vcengine/description.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {

namespace {

constexpr const char* kAbout =
    "Runs a circuit: blocks, each a process of its own, joined by shared-memory wires.\n\n"
    "  vcengine CIRCUIT.yaml [OPTIONS]       run it\n"
    "  vcengine check CIRCUIT.yaml           check it, start nothing\n"
    "  vcengine debug CIRCUIT.yaml BLOCK     run it with one block under gdb\n"
    "  vcengine inspect [TYPE | FILE.so]     list block types, or describe one\n"
    "  vcengine inspect CIRCUIT.yaml         show who waits for whom in it\n"
    "  vcengine rerun CAPSULE                make the call that a block died in once more\n"
    "  vcengine test FILE.so…                make the standard checks of block types\n"
    "  vcengine WORD …                       run the program vcengine-WORD\n";

constexpr const char* kFooter =
    "Exit status: 0 the circuit ended by itself (or a window was closed), 2 bad circuit or "
    "command\n"
    "line, 3 a block died or gave up, 130 interrupted (Ctrl-C), 143 terminated, 1 anything else.\n"
    "Plugins are searched in: --plugins, VCENGINE_PLUGIN_PATH, `plugins` beside the circuit,\n"
    "~/.local/share/vcengine/plugins, the installed ones.";

void add_plugins(CLI::App& app, std::vector<std::filesystem::path>& folders) {
  app.add_option("--plugins", folders, "Search this folder for plugins first (may be repeated)")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

void add_settings(CLI::App& app, std::vector<std::string>& settings) {
  app.add_option("--set", settings, "Override a setting: --set detect.low=60 (may be repeated)")
      ->type_name("BLOCK.PARAM=VALUE")
      ->allow_extra_args(false);
}

std::string version_text() {
  return std::string("vcengine ") + kVersion + " (plugin ABI " + std::to_string(kAbiVersion) +
         ")\n";
}

/// Parses into `command`; help and mistakes become text to print.
template <class Parsed>
Command parse(CLI::App& app, Parsed& command, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
    return command;
  } catch (const CLI::CallForHelp&) {
    return PrintCommand{app.help(), ExitStatus::success};
  } catch (const CLI::CallForVersion&) {
    return PrintCommand{version_text(), ExitStatus::success};
  } catch (const CLI::ParseError& error) {
    return PrintCommand{
        std::string("vcengine: ") + error.what() + "; `vcengine --help` lists the options\n",
        ExitStatus::bad_circuit};
  }
}

std::string check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration && *duration > 0 ? "" : "'" + text + "' is no duration: write 10s, 500ms, 2min";
}

std::string check_time(const std::string& text) {
  return parse_duration(text) ? "" : "'" + text + "' is no time: write 0s, 20us, 1ms";
}

/// What options of a run say before it is sure that they are right.
struct RunFlags {
  std::string run_for;
  std::string spin;
  bool paced = false;
  bool fast = false;
  std::optional<double> speed;
};

constexpr double kSlowest = 0.001;
constexpr double kFastest = 1000;

void add_circuit(CLI::App& app, RunCommand& command) {
  app.add_option("circuit", command.circuit, "The circuit to run")->required()->type_name("FILE");
}

void add_run_options(CLI::App& app, RunCommand& command, RunFlags& flags) {
  add_settings(app, command.settings);
  add_plugins(app, command.plugin_folders);
  app.add_option("--for", flags.run_for, "Stop after this time: 10s, 500ms")
      ->type_name("TIME")
      ->check(CLI::Validator(check_duration, ""));
  app.add_option("--frames", command.options.frames, "Each source ends after N frames")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  auto* paced_flag = app.add_flag("--paced", flags.paced,
                                  "Sources keep to their own rate (default: if a window is shown)");
  auto* fast_flag = app.add_flag("--fast", flags.fast, "Sources are as fast as the circuit")
                        ->excludes(paced_flag);
  auto* speed_option =
      app.add_option("--speed", flags.speed,
                     "The circuit's clock runs X times as fast as real time; sources keep to it")
          ->type_name("X")
          ->check(CLI::Range(kSlowest, kFastest))
          ->excludes(fast_flag);
  app.add_flag("--offline", command.options.offline,
               "The same result twice: time is that of the frames, no frame is dropped, nothing "
               "waits for a clock")
      ->excludes(paced_flag, speed_option);
  app.add_option("--spin", flags.spin,
                 "A block without work looks for so long before it sleeps (default: 20us if there "
                 "are more cores than blocks, else 0s)")
      ->type_name("TIME")
      ->check(CLI::Validator(check_time, ""));
  app.add_option("--capsules", command.capsules,
                 "Where to put crash capsules, or none (default: ~/.local/state/vcengine/capsules)")
      ->type_name("DIR");
  app.add_flag("-q,--quiet", command.quiet, "Show nothing but errors");
  app.add_flag("--json", command.json, "Print the final figures as JSON on stdout");
}

void apply(const RunFlags& flags, RunOptions& options) {
  if (flags.paced) options.pacing = Pacing::paced;
  if (flags.fast || options.offline) options.pacing = Pacing::fast;
  if (flags.speed) {
    options.speed = *flags.speed;
    options.pacing = Pacing::paced;
  }
  if (!flags.run_for.empty()) {
    options.run_for = std::chrono::nanoseconds(*parse_duration(flags.run_for));
  }
  if (!flags.spin.empty()) options.spin = std::chrono::nanoseconds(*parse_duration(flags.spin));
}

Command parse_run(int argc, const char* const* argv) {
  RunCommand command;
  RunFlags flags;
  CLI::App app(kAbout);
  app.footer(kFooter);
  add_circuit(app, command);
  add_run_options(app, command, flags);
  app.add_flag("--watch", command.options.watch,
               "Change what runs whenever the circuit file or a plugin changes");
  app.set_version_flag("--version", version_text());
  auto parsed = parse(app, command, argc, argv);
  if (auto* run = std::get_if<RunCommand>(&parsed)) apply(flags, run->options);
  return parsed;
}

Command parse_debug(int argc, const char* const* argv) {
  DebugCommand command;
  RunFlags flags;
  CLI::App app(
      "Runs a circuit with the worker of one block under gdb, which stops at the first line of "
      "the\n"
      "block's process(). Leaving gdb stops the circuit.");
  add_circuit(app, command.run);
  app.add_option("block", command.block, "The block to debug")->required()->type_name("BLOCK");
  app.add_option(
         "--ex", command.commands,
         "A command for gdb before the block runs: --ex 'break my.cpp:17' (may be repeated)")
      ->type_name("COMMAND")
      ->allow_extra_args(false);
  add_run_options(app, command.run, flags);
  auto parsed = parse(app, command, argc, argv);
  if (auto* debug = std::get_if<DebugCommand>(&parsed)) apply(flags, debug->run.options);
  return parsed;
}

Command parse_check(int argc, const char* const* argv) {
  CheckCommand command;
  CLI::App app("Checks a circuit and starts nothing. Exit status: 0 it could run, 2 it could not.");
  app.add_option("circuit", command.circuit, "The circuit to check")->required()->type_name("FILE");
  app.add_flag("--offline", command.offline, "Check it for a run with --offline");
  add_settings(app, command.settings);
  add_plugins(app, command.plugin_folders);
  return parse(app, command, argc, argv);
}

Command parse_inspect(int argc, const char* const* argv) {
  InspectCommand command;
  CLI::App app(
      "Lists all block types, or describes one, or those of one plugin file; or shows what the "
      "check\n"
      "makes of a circuit: when each block runs, which wires wait, and why.");
  app.add_option("what", command.what, "A block type, a plugin file, or a circuit")
      ->type_name("TYPE|FILE");
  app.add_flag("--offline", command.offline, "Show a circuit as a run with --offline has it");
  add_settings(app, command.settings);
  add_plugins(app, command.plugin_folders);
  app.add_flag("--json", command.json, "Print JSON");
  return parse(app, command, argc, argv);
}

Command parse_rerun(int argc, const char* const* argv) {
  RerunCommand command;
  CLI::App app(
      "Makes the call of process() that a block died in once more: that block alone, with the "
      "frames,\n"
      "settings and state that it had. Exit status: 0 process() returned, 3 it died again, or "
      "hung, "
      "or\n"
      "threw, 2 the capsule or the command line is wrong, 1 anything else.");
  app.add_option("capsule", command.capsule, "The folder that the host named at the death")
      ->required()
      ->type_name("DIR");
  auto* gdb = app.add_flag("--gdb", command.gdb, "Under gdb, which stops where it dies");
  app.add_flag("--valgrind", command.valgrind, "Under valgrind")->excludes(gdb);
  app.add_option(
         "--ex", command.commands,
         "A command for gdb before the block runs: --ex 'break my.cpp:17' (may be repeated)")
      ->type_name("COMMAND")
      ->allow_extra_args(false)
      ->needs(gdb);
  return parse(app, command, argc, argv);
}

/// Not a folder: many a project has one named `test`.
bool is_file(const std::string& word) {
  return std::filesystem::exists(word) && !std::filesystem::is_directory(word);
}

bool looks_like_circuit(const std::string& word) {
  return word.starts_with('-') || word.ends_with(".yaml") || word.ends_with(".yml") ||
         word.find('/') != std::string::npos || is_file(word);
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  if (argc < 2)
    return PrintCommand{std::string(kAbout) + "\n`vcengine --help` says more.\n",
                        ExitStatus::bad_circuit};
  const std::string word = argv[1];
  if (word == "debug") return parse_debug(argc - 1, argv + 1);
  if (word == "check") return parse_check(argc - 1, argv + 1);
  if (word == "inspect") return parse_inspect(argc - 1, argv + 1);
  if (word == "rerun") return parse_rerun(argc - 1, argv + 1);
  if (!looks_like_circuit(word)) return ToolCommand{word, {argv + 2, argv + argc}};
  return parse_run(argc, argv);
}

}  // namespace vcengine
