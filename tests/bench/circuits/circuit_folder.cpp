#include "circuit_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "program_run.hpp"

namespace vcengine::bench {

namespace fs = std::filesystem;

CircuitText& CircuitText::block(std::string_view name, std::string_view spec) {
  blocks_ += fmt::format("  {}: {{{}}}\n", name, spec);
  return *this;
}

CircuitText& CircuitText::wire(std::string_view from, std::string_view to) {
  wires_ += fmt::format("  - {} -> {}\n", from, to);
  return *this;
}

CircuitText& CircuitText::chain(std::string_view prefix, int count,
                                const std::function<std::string(int)>& spec, std::string_view from,
                                std::string_view to) {
  std::string last(from);
  for (int i = 1; i <= count; ++i) {
    const auto name = fmt::format("{}{}", prefix, i);
    block(name, spec(i));
    wire(last, name + ".in");
    last = name + ".out";
  }
  return wire(last, to);
}

std::string CircuitText::text() const {
  return "blocks:\n" + blocks_ + (wires_.empty() ? "" : "wires:\n" + wires_);
}

CircuitFolder::CircuitFolder() {
  auto name = (fs::temp_directory_path() / "vcengine-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  folder_ = name;
}

CircuitFolder::~CircuitFolder() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> CircuitFolder::command(const CircuitText& circuit,
                                                const std::vector<std::string>& options) const {
  const auto file = folder_ / "circuit.yaml";
  std::ofstream(file) << circuit.text();
  fs::remove(folder_ / "ages.txt");
  std::vector<std::string> argv{
      VCENGINE_BENCH_HOST,         file.string(), "--plugins", VCENGINE_BENCH_PLUGINS, "--plugins",
      VCENGINE_BENCH_TEST_PLUGINS, "--quiet"};
  argv.insert(argv.end(), options.begin(), options.end());
  return argv;
}

Json CircuitFolder::run(const CircuitText& circuit, std::vector<std::string> options) const {
  options.emplace_back("--json");
  const auto ran = run_program(command(circuit, options));
  ran.expect_success("a measured circuit");
  return parse_json(ran.output);
}

CircuitFolder::Arrived CircuitFolder::arrived() const {
  std::ifstream file(folder_ / "ages.txt");
  Arrived arrived;
  for (std::int64_t stamp = 0, age = 0, arrival = 0; file >> stamp >> age >> arrival;) {
    arrived.ages.push_back(static_cast<double>(age) * 1e-3);
    arrived.arrivals.push_back(static_cast<double>(arrival) * 1e-9);
  }
  return arrived;
}

double CircuitFolder::Arrived::rate() const {
  if (arrivals.size() < 2) throw std::runtime_error("hardly a frame reached the sink");
  return static_cast<double>(arrivals.size() - 1) / (arrivals.back() - arrivals.front());
}

double running_seconds(const Json& result) {
  return static_cast<double>(integer_of(object_of(result, "result"), "running_ns")) * 1e-9;
}

std::int64_t frames_of(const Json& result, std::string_view name) {
  for (const auto& entry : array_of(object_of(result, "result"), "blocks")) {
    const auto& block = object_of(entry, "block");
    if (text_of(block, "name") == name) return integer_of(block, "frames");
  }
  throw std::runtime_error(fmt::format("the circuit had no block '{}'", name));
}

double rate_of_block(const std::string& video, std::string_view spec, std::string_view to) {
  const CircuitFolder folder;
  CircuitText circuit;
  circuit.block("video", fmt::format("type: io.video_file, params: {{path: \"{}\"}}", video))
      .block("block", spec)
      .block("sink", "type: core.null")
      .wire("video.frames", "block.image")
      .wire(fmt::format("block.{}", to), "sink.in");
  const auto result = folder.run(circuit, {"--fast"});
  return static_cast<double>(frames_of(result, "sink")) / running_seconds(result);
}

}  // namespace vcengine::bench
