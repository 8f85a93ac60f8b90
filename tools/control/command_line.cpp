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

const std::map<std::string, Finish (*)(CLI::App&)>& words() {
  static const std::map<std::string, Finish (*)(CLI::App&)> kWords = {{"ps", ps}, {"stop", stop}};
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
