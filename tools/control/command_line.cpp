#include "tools/control/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>

namespace vcengine {
namespace {

constexpr int kBadCommand = 2;

/// Gives `app` its options, and says what to make of them afterwards.
using Finish = std::function<ControlRequest()>;

void add_json(CLI::App& app, bool& json) {
  app.add_flag("--json", json, "Print the answer as JSON");
}

void add_circuit(CLI::App& app, ControlOptions& options) {
  app.add_option("-c,--circuit", options.circuit,
                 "Name or process id of the circuit; not needed if only one runs")
      ->type_name("CIRCUIT");
  add_json(app, options.json);
}

Finish ps(CLI::App& app) {
  app.description("Lists the circuits that run.");
  auto request = std::make_shared<PsRequest>();
  add_json(app, request->json);
  return [request] { return *request; };
}

Finish stop(CLI::App& app) {
  app.description(
      "Stops a circuit: its sources end, the frames on their way are worked on. Waits for its "
      "end.");
  auto request = std::make_shared<StopRequest>();
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish get(CLI::App& app) {
  app.description("Shows settings of a running circuit, with their ranges.");
  auto request = std::make_shared<GetRequest>();
  app.add_option("setting", request->setting, "One setting, those of a block, or all")
      ->type_name("BLOCK.PARAM");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish set(CLI::App& app) {
  app.description(
      "Changes settings of a running circuit, by the next frame. Those of one block are changed "
      "together, or\nnone of them.");
  app.footer("Example: vcengine set detect.low=60 detect.high=120");
  auto request = std::make_shared<SetRequest>();
  app.add_option("settings", request->settings, "What to change")
      ->required()
      ->type_name("BLOCK.PARAM=VALUE");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish for_block(CLI::App& app, const std::string& op, const std::string& about) {
  app.description(about);
  auto request = std::make_shared<BlockRequest>();
  request->op = op;
  app.add_option("block", request->block, "This block alone; else the whole circuit")
      ->type_name("BLOCK");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish pause(CLI::App& app) {
  return for_block(app, "pause",
                   "Lets no block begin with another frame. The circuit's clock stands still.");
}

Finish resume(CLI::App& app) { return for_block(app, "resume", "Lets a paused circuit go on."); }

Finish step(CLI::App& app) {
  return for_block(app, "step", "Lets each block of a paused circuit work on one frame.");
}

Finish reload(CLI::App& app) {
  app.description(
      "Changes of a running circuit what its file says differently now, and what its plugins are.\n"
      "`vcengine --watch` does so by itself.");
  auto request = std::make_shared<ReloadRequest>();
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish swap(CLI::App& app) {
  app.description(
      "Gives a block of a running circuit a process of the plugin as it is now, between two "
      "frames. "
      "If the new\nbuild fails within ten seconds, the one before it comes back.");
  app.footer("Example: ninja -C build && vcengine swap detect");
  auto request = std::make_shared<SwapRequest>();
  app.add_option("block", request->block, "The block to exchange")->required()->type_name("BLOCK");
  app.add_option("plugin", request->plugin, "Take its type from this file")
      ->check(CLI::ExistingFile)
      ->type_name("FILE.so");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish restart(CLI::App& app) {
  app.description(
      "Gives a block of a running circuit a new process, between two frames: nothing is lost. One "
      "that does\nnot end its process() within 5 s is killed, and loses that frame.");
  auto request = std::make_shared<RestartRequest>();
  app.add_option("block", request->block, "The block")->required()->type_name("BLOCK");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish logs(CLI::App& app) {
  app.description("Shows what blocks and host have printed lately.");
  auto request = std::make_shared<LogsRequest>();
  app.add_option("block", request->block, "This block alone; else all, and the host")
      ->type_name("BLOCK");
  app.add_flag("-f,--follow", request->follow, "Go on with what they print from now on");
  app.add_option("-n,--last", request->last, "No more than the last so many lines of before")
      ->check(CLI::NonNegativeNumber)
      ->type_name("LINES");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish log_level(CLI::App& app) {
  app.description("Changes what a block logs: debug, info, warning or error, and what is above.");
  auto request = std::make_shared<LogLevelRequest>();
  app.add_option("block", request->block, "The block")->required()->type_name("BLOCK");
  app.add_option("level", request->level, "debug, info, warning, error")
      ->required()
      ->type_name("LEVEL");
  add_circuit(app, *request);
  return [request] { return *request; };
}

Finish params(CLI::App& app) {
  app.description(
      "Shows all settings of a running circuit, or writes the tuned ones into its file.");
  auto save = std::make_shared<bool>(false);
  auto request = std::make_shared<SaveRequest>();
  app.add_flag("--save", *save,
               "Write what `vcengine set` has changed into the circuit file; all else of it stays");
  add_circuit(app, *request);
  return [save, request]() -> ControlRequest {
    if (*save) return *request;
    GetRequest get;
    get.circuit = request->circuit;
    get.json = request->json;
    return get;
  };
}

const std::map<std::string, Finish (*)(CLI::App&)>& words() {
  static const std::map<std::string, Finish (*)(CLI::App&)> kWords = {
      {"get", get},       {"log-level", log_level}, {"logs", logs},
      {"params", params}, {"pause", pause},         {"ps", ps},
      {"reload", reload}, {"restart", restart},     {"resume", resume},
      {"set", set},       {"step", step},           {"stop", stop},
      {"swap", swap},
  };
  return kWords;
}

}  // namespace

ControlRequest parse_control(const std::string& word, int argc, const char* const* argv) {
  const auto found = words().find(word);
  if (found == words().end()) {
    return PrintRequest{
        fmt::format("vcengine-{} is not known; call it as `vcengine ps` and the like\n", word),
        kBadCommand};
  }
  const auto name = "vcengine " + word;
  CLI::App app("", name);
  const auto finish = found->second(app);
  try {
    app.parse(argc, argv);
    return finish();
  } catch (const CLI::CallForHelp&) {
    return PrintRequest{app.help(), 0};
  } catch (const CLI::ParseError& error) {
    return PrintRequest{
        fmt::format("{0}: {1}; `{0} --help` lists the options\n", name, error.what()), kBadCommand};
  }
}

}  // namespace vcengine
