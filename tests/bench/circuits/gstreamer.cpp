#include "gstreamer.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "circuit_folder.hpp"
#include "program_run.hpp"

namespace vcengine::bench {

namespace {

constexpr const char* kEnv = "/usr/bin/env";  // looks along PATH, and sets variables

std::vector<std::string> launch(std::vector<std::string> variables, const std::string& pipeline) {
  std::vector<std::string> argv{kEnv};
  argv.insert(argv.end(), variables.begin(), variables.end());
  argv.insert(argv.end(), {"gst-launch-1.0", "--no-position"});
  std::istringstream words(pipeline);
  for (std::string word; words >> word;) argv.push_back(word);
  return argv;
}

ProgramRun run(const std::vector<std::string>& argv) {
  auto ran = run_program(argv);
  ran.expect_success("gst-launch-1.0");
  return ran;
}

}  // namespace

std::optional<std::string> why_no_gstreamer(const std::vector<std::string>& elements) {
  for (const auto* program : {"gst-launch-1.0", "gst-inspect-1.0"}) {
    if (run_program({kEnv, program, "--version"}).status != 0) {
      return "GStreamer is not installed (gstreamer1.0-tools)";
    }
  }
  for (const auto& element : elements) {
    if (run_program({kEnv, "gst-inspect-1.0", "--exists", element}).status != 0) {
      return "GStreamer has no element '" + element + "' here";
    }
  }
  return {};
}

double gstreamer_seconds(const std::string& pipeline) {
  const auto ran = run(launch({"LC_ALL=C"}, pipeline));
  static const std::regex ended("Execution ended after ([0-9]+):([0-9]+):([0-9.]+)");
  std::smatch found;
  if (!std::regex_search(ran.output, found, ended)) {
    throw std::runtime_error("gst-launch-1.0 does not say how long it ran:\n" + ran.output);
  }
  return std::stod(found[1]) * 3600 + std::stod(found[2]) * 60 + std::stod(found[3]);
}

std::vector<double> gstreamer_ages(const std::string& pipeline) {
  const CircuitFolder folder;
  const auto log = (folder.path() / "trace").string();
  run(launch({"LC_ALL=C", "GST_TRACERS=latency", "GST_DEBUG=GST_TRACER:7", "GST_DEBUG_NO_COLOR=1",
              "GST_DEBUG_FILE=" + log},
             pipeline));
  static const std::regex latency("latency, .*time=\\(guint64\\)([0-9]+)");
  std::vector<double> ages;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (std::regex_search(line, found, latency)) ages.push_back(std::stod(found[1]) / 1e3);
  }
  if (ages.empty()) throw std::runtime_error("GStreamer's tracer 'latency' told nothing");
  return ages;
}

}  // namespace vcengine::bench
