/// Blocks that pass pictures on, one behind the other: what one more of them costs, beside a ring
/// of as many processes that only wake each other.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "circuit_folder.hpp"
#include "circuit_steps.hpp"
#include "futex_ring.hpp"
#include "measure/questions.hpp"
#include "running_program.hpp"

namespace vcengine::bench {

namespace {

using namespace std::chrono_literals;

constexpr int kLengths[] = {1, 4, 16, 64};
constexpr int kRate = 50;  // Hz: a frame is through before the next one comes
constexpr auto kPeriod = 1'000'000'000ns / kRate;
constexpr std::size_t kWarmUp = 20;  // frames
constexpr std::size_t kPaced = 200, kFast = 3000;

/// What a block that passes a frame on reads from the return of its sleep to the wake-up of the
/// next, counted by single steps of one in a chain (x86-64, GCC 12, its 1546 instructions): code of
/// the SDK, the worker, the plugin and the C libraries; pages, heap, stack and tables of its own.
constexpr Touched kAsABlock{
    .shared = {.lines = 154, .pages = 29}, .own = {.lines = 99, .pages = 26}, .in_turn = false};

/// Only the first row is written: nobody reads the pictures.
CircuitText chain_of(int length, double rate, std::size_t frames,
                     Placement placement = Placement::anywhere) {
  const auto at = [placement](int i) {
    const auto core = core_of(placement, i);
    return core ? fmt::format(", cpu: {}", *core) : std::string();
  };
  CircuitText circuit;
  circuit.block("source",
                fmt::format("type: bench.camera, live: false, params: {{rate: {}, count: {}, "
                            "whole: false}}{}",
                            rate, frames, at(0)));
  circuit.chain(
      "pass", length, [&](int i) { return "type: flow.gate" + at(i); }, "source.frames", "sink.in");
  return circuit.block("sink", "type: test.ages" + at(length + 1));
}

/// Half of the frames are younger than this at the sink, in us. One frame is in flight.
double age_behind(const CircuitFolder& folder, int length, std::size_t frames,
                  Placement placement = Placement::anywhere) {
  folder.run(chain_of(length, kRate, frames + kWarmUp, placement), {});
  auto ages = folder.arrived().ages;
  ages.erase(ages.begin(), ages.begin() + std::min<std::ptrdiff_t>(kWarmUp, std::ssize(ages) - 1));
  return median(ages);
}

/// As fast as it goes.
double rate_behind(const CircuitFolder& folder, int length, std::size_t frames) {
  folder.run(chain_of(length, 1e6, frames), {});
  return folder.arrived().rate();
}

struct Written {
  double source = 0, passing = 0;  ///< bytes of slots, by all blocks of a kind together
};

Written written(const CircuitFolder& folder, int length) {
  RunningProgram circuit(folder.command(chain_of(length, kRate, 0), {"--for", "200s"}));
  circuit.wait_until([&] { return folder.arrived().ages.size() > kWarmUp; },
                     "a frame at the end of the chain");
  const auto by = [&](const char* blocks) {
    std::int64_t bytes = 0;
    for (const auto worker : circuit.workers(blocks)) bytes += frames_written_bytes(worker);
    return static_cast<double>(bytes);
  };
  return {by("source"), by("pass")};
}

/// Where neighbours run decides about more than what they do; so chain and ring on the same cores,
/// and a ring that reads as much memory.
void measure_placed(const Effort& effort, const CircuitFolder& folder, Figures& figures) {
  constexpr auto kLongest = std::ranges::max(kLengths);
  const auto question = fmt::format("chain/{}", kLongest);
  const std::string circuit(kCircuit), limit(kLimit);
  const auto turns = effort.times(kPaced);
  const auto ring = [&](Placement placement, const Touched& touched = {}) {
    return median(futex_ring_hops(kLongest, turns, kPeriod, placement, touched));
  };
  for (const auto& [placement, where] : {std::pair(Placement::in_turn, "cores in turn"),
                                         std::pair(Placement::on_one_core, "one core")}) {
    const auto age_of_one = age_behind(folder, 1, turns, placement);
    const auto age = age_behind(folder, kLongest, turns, placement);
    figures.add({question, circuit, fmt::format("hop, {}", where)}, "us",
                (age - age_of_one) / (kLongest - 1));
    figures.add({question, limit, fmt::format("hop, {}", where)}, "us", ring(placement));
    auto touched = kAsABlock;
    figures.add({question, limit, fmt::format("hop, {}, memory as a block", where)}, "us",
                ring(placement, touched));
    touched.in_turn = true;
    figures.add({question, limit, fmt::format("hop, {}, memory as a block in turn", where)}, "us",
                ring(placement, touched));
  }
}

}  // namespace

void measure_chain(const Effort& effort, Figures& figures) {
  const CircuitFolder folder;
  const std::string circuit(kCircuit), limit(kLimit);
  double age_of_one = 0;
  for (const auto length : kLengths) {
    const auto question = fmt::format("chain/{}", length);
    const auto age = age_behind(folder, length, effort.times(kPaced));
    figures.add({question, circuit, "age"}, "us", age);
    figures.add({question, circuit, "fast"}, "frames/s",
                rate_behind(folder, length, effort.times(kFast)));
    if (length == 1) {
      age_of_one = age;
      continue;
    }
    figures.add({question, circuit, "hop"}, "us", (age - age_of_one) / (length - 1));
    figures.add({question, limit, "hop"}, "us",
                median(futex_ring_hops(length, effort.times(kPaced), kPeriod)));
  }
  constexpr auto kLongest = std::ranges::max(kLengths);
  figures.add({fmt::format("chain/{}", kLongest), limit, "hop, back to back"}, "us",
              median(futex_ring_hops(kLongest, effort.times(kPaced), 0ns)));
  measure_placed(effort, folder, figures);
  const auto bytes = written(folder, kLongest);
  figures.add({fmt::format("chain/{}", kLongest), circuit, "written"}, "bytes", bytes.passing);
  figures.add({fmt::format("chain/{}", kLongest), circuit, "written by source"}, "bytes",
              bytes.source);
}

}  // namespace vcengine::bench
