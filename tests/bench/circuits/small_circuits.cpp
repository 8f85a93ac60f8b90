/// What circuits cost whose blocks have next to nothing to do: their start, their memory, their
/// idleness. None of these blocks loads OpenCV.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "circuit_folder.hpp"
#include "circuit_steps.hpp"
#include "program_run.hpp"
#include "running_program.hpp"

namespace vcengine::bench {

namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

constexpr int kStarts[] = {1, 5, 50, 200};  // blocks
constexpr int kFew = 10, kMany = 50;        // blocks in the middle
constexpr int kIdleBlocks = 5;
constexpr double kIdleSeconds = 20;

/// A counter, so many blocks that scale, and one that prints.
CircuitText numbers(int in_the_middle, const std::string& counter) {
  CircuitText circuit;
  circuit.block("source", "type: core.counter, " + counter);
  circuit.chain(
      "scale", in_the_middle, [](int) { return "type: core.scale"; }, "source.number", "sink.in");
  return circuit.block("sink", "type: io.print");
}

/// One block has no sink: it counts as started when its only frame was sent and it is gone.
double seconds_to_first_frame(const CircuitFolder& folder, int blocks) {
  const std::string once = "params: {count: 1}";
  const auto circuit = blocks == 1 ? CircuitText().block("source", "type: core.counter, " + once)
                                   : numbers(blocks - 2, once);
  const auto ran = run_program(folder.command(circuit, {}));
  ran.expect_success(fmt::format("a circuit of {} blocks", blocks));
  if (blocks == 1) return duration<double>(ran.whole).count();
  if (!ran.first_output) throw std::runtime_error("no frame was printed");
  return duration<double>(*ran.first_output).count();
}

void wait_for_frame(RunningProgram& circuit) {
  circuit.wait_until([&] { return !circuit.output().empty(); }, "a frame at the sink");
}

double pss_with(const CircuitFolder& folder, int in_the_middle) {
  RunningProgram circuit(folder.command(numbers(in_the_middle, "rate: 10"), {"--for", "100s"}));
  wait_for_frame(circuit);
  return static_cast<double>(pss_bytes(circuit.processes()));
}

}  // namespace

void measure_start(const Effort&, Figures& figures) {
  const CircuitFolder folder;
  seconds_to_first_frame(folder, 3);  // fills the catalog's cache
  for (const auto blocks : kStarts) {
    figures.add({fmt::format("start/{}_blocks", blocks), std::string(kCircuit), "first_frame"}, "s",
                seconds_to_first_frame(folder, blocks));
  }
}

void measure_block_memory(const Effort&, Figures& figures) {
  const CircuitFolder folder;
  const auto few = pss_with(folder, kFew), many = pss_with(folder, kMany);
  const auto add = [&](const char* part, double bytes) {
    figures.add({"memory/block", std::string(kCircuit), part}, "MB", bytes / 1e6);
  };
  add("added", (many - few) / (kMany - kFew));
  add("circuit of 10", few);
}

void measure_idle_cpu(const Effort& effort, Figures& figures) {
  const CircuitFolder folder;
  RunningProgram circuit(folder.command(numbers(kIdleBlocks - 2, "rate: 0.1"), {"--for", "100s"}));
  wait_for_frame(circuit);
  const auto time =
      milliseconds(std::max(1000, static_cast<int>(kIdleSeconds * 1e3 * effort.part)));
  const auto used = cpu_time_within(time, circuit.processes());
  figures.add({"idle/cpu", std::string(kCircuit), "of_a_core"}, "%",
              100 * duration<double>(used) / duration<double>(time));
}

}  // namespace vcengine::bench
