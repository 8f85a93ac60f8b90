/// Does to the blocks of a running circuit whatever a day can bring, again and again, and looks
/// whether frames flow afterwards, whole and counted: chaos --faults 1000 --seed 1. The same seed
/// gives the same faults in the same order.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/process.hpp"
#include "tests/processes/support/report.hpp"
#include "tests/processes/support/witnessed.hpp"

namespace vcengine::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Shape {
  std::string name;
  std::string blocks;                 ///< and wires
  std::vector<std::string> all;       ///< blocks that can be killed or stopped
  std::vector<std::string> troubled;  ///< those that can be told to misbehave
  std::vector<std::string> sinks;     ///< each with a file of its name
};

constexpr const char* kDefaults =
    "defaults: {backoff: {first: 1ms, limit: 1ms}, intensity: {deaths: 1000, within: 1s}, "
    "timeout: 200ms}\n";

const Shape kEdges{"edges",
                   "  video:  {type: test.marked_source, rate: 200}\n"
                   "  filter: {type: vision.color_filter}\n"
                   "  detect: {type: vision.edge_detector}\n"
                   "  colors: {type: test.witness, params: {path: colors, marked: false}}\n"
                   "  edges:  {type: test.witness, params: {path: edges, marked: false}}\n"
                   "wires:\n"
                   "  - video.frames -> filter.image\n"
                   "  - video.frames -> detect.image\n"
                   "  - filter.filtered -> colors.in\n"
                   "  - detect.edges -> edges.in\n",
                   {"video", "filter", "detect", "colors", "edges"},
                   {},
                   {"colors", "edges"}};

/// Fan-out, two joins one behind the other, copies and frames sent on, both policies.
const Shape kTwelve{"twelve",
                    "  source: {type: test.marked_source, rate: 200}\n"
                    "  copy_1: {type: test.troubled_copy, params: {orders: copy_1.do}}\n"
                    "  pass_1: {type: test.troubled_pass, params: {orders: pass_1.do}}\n"
                    "  join_1: {type: flow.sync}\n"
                    "  copy_2: {type: test.troubled_copy, params: {orders: copy_2.do}}\n"
                    "  pass_2: {type: flow.gate}\n"
                    "  join_2: {type: flow.sync}\n"
                    "  lossy:  {type: test.troubled_copy, params: {orders: lossy.do}}\n"
                    "  end_1:  {type: test.witness, params: {path: end_1}}\n"
                    "  end_2:  {type: test.witness, params: {path: end_2}}\n"
                    "  end_3:  {type: test.witness, params: {path: end_3}}\n"
                    "  end_4:  {type: test.witness, params: {path: end_4}}\n"
                    "wires:\n"
                    "  - source.frames -> copy_1.in\n"
                    "  - source.frames -> pass_1.in\n"
                    "  - copy_1.out -> join_1.in_0\n"
                    "  - pass_1.out -> join_1.in_1\n"
                    "  - join_1.out_0 -> copy_2.in\n"
                    "  - join_1.out_1 -> pass_2.in\n"
                    "  - copy_2.out -> join_2.in_0\n"
                    "  - pass_2.out -> join_2.in_1\n"
                    "  - join_2.out_0 -> end_1.in\n"
                    "  - join_2.out_1 -> end_2.in\n"
                    "  - {from: source.frames, to: lossy.in, policy: drop_oldest}\n"
                    "  - {from: lossy.out, to: end_3.in, policy: drop_oldest, depth: 2}\n"
                    "  - {from: pass_1.out, to: end_4.in, policy: drop_oldest}\n",
                    {"source", "copy_1", "pass_1", "join_1", "copy_2", "pass_2", "join_2", "lossy",
                     "end_1", "end_2", "end_3", "end_4"},
                    {"copy_1", "pass_1", "copy_2", "lossy"},
                    {"end_1", "end_2", "end_3", "end_4"}};

/// The same with a source that lets its frames in for all branches or for none.
Shape live_twelve() {
  auto live = kTwelve;
  live.name = "live";
  const std::string plain = "rate: 200}";
  live.blocks.replace(live.blocks.find(plain), plain.size(), "rate: 200, live: true}");
  return live;
}

std::size_t descriptors_of(pid_t process) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/" + std::to_string(process) + "/fd"),
                    fs::directory_iterator()));
}

/// Memory files that a process has mapped.
std::size_t memory_files_of(pid_t process) {
  const auto maps = maps_of(process);
  std::size_t count = 0;
  for (std::size_t at = maps.find("/memfd:"); at != std::string::npos;
       at = maps.find("/memfd:", at + 1)) {
    ++count;
  }
  return count;
}

struct Figures {
  std::map<std::string, std::vector<double>> recoveries;  ///< ms, by fault
  std::int64_t lost = 0, frames = 0;
  std::vector<std::string> wrong;
};

class Trial {
 public:
  Trial(const Shape& shape, std::uint64_t seed, Figures& figures)
      : shape_(shape),
        figures_(figures),
        random_(seed),
        host_(host_command(folder_.path(), {file(), "--json"})) {
    await_frames("at the start");
    descriptors_ = descriptors_of(host_.pid());
    memory_files_ = memory_files_of(host_.pid());
  }

  void fault() {
    static const std::vector<std::string> kOutside = {"kill", "kill", "stop"};
    static const std::vector<std::string> kInside = {"throw", "no_memory", "exit", "crash", "hang"};
    const bool inside = !shape_.troubled.empty() && random_() % 2 == 0;
    const auto& fault = any_of(inside ? kInside : kOutside);
    const auto& block = any_of(inside ? shape_.troubled : shape_.all);
    const std::chrono::milliseconds pause(20 + random_() % 100);
    if (inside) {
      const auto orders = folder_.path() / (block + ".do");
      folder_.write(block + ".new", fault);
      fs::rename(folder_.path() / (block + ".new"), orders);
      host_.wait_until([&] { return !fs::exists(orders); }, block + " to " + fault);
    } else {
      pid_t worker = 0;
      host_.wait_until([&] { return (worker = worker_of(block)) != 0; }, "a worker of " + block);
      ::kill(worker, fault == "kill" ? SIGKILL : SIGSTOP);
      if (fault == "stop") {
        std::this_thread::sleep_for(pause);  // what is tested: a process that stands still so long
        ::kill(worker, SIGCONT);
      }
    }
    const auto since = Clock::now();
    await_frames("after " + block + " was to " + fault);
    figures_.recoveries[fault].push_back(Milliseconds(Clock::now() - since).count());
  }

  void end() {
    host_.wait_until([&] { return workers_of(host_.pid()).size() == shape_.all.size(); },
                     "all workers");
    await_frames("before the end");
    // The last crash may still be looked at, by a program of its own.
    host_.wait_until([&] { return descriptors_of(host_.pid()) == descriptors_; },
                     "as many descriptors of the host as at the start");
    expect(memory_files_of(host_.pid()) == memory_files_, "memory files of the host");
    host_.signal(SIGINT);
    expect(host_.wait() == 130, "exit status 130");
    for (const auto* word : {"gave up", "wrote over", "corrupt", "does not stop"}) {
      if (host_.errors().find(word) == std::string::npos) continue;
      expect(false, fmt::format("nothing '{}':\n{}", word, host_.errors()));
    }
    for (const auto& [name, wire] : parse_report(host_.output()).wires) {
      const auto lost = wire.dropped.find("lost_in_crash");
      if (lost != wire.dropped.end()) figures_.lost += lost->second;
      figures_.frames += wire.published;
      expect(wire.published == wire.taken + wire.dropped_in_all() + wire.in_flight,
             "exact counts of " + name);
    }
    for (const auto& sink : shape_.sinks) {
      std::ifstream file(folder_.path() / sink);
      const std::string seen((std::istreambuf_iterator<char>(file)), {});
      expect(seen.find('!') == std::string::npos, "whole pictures at " + sink);
      expect(seen.find('<') == std::string::npos, "pictures in their order at " + sink);
    }
  }

 private:
  std::string file() {
    return folder_
        .write("circuit.yaml",
               fmt::format("circuit: {}\n{}blocks:\n{}", shape_.name, kDefaults, shape_.blocks))
        .string();
  }

  const std::string& any_of(const std::vector<std::string>& words) {
    return words[random_() % words.size()];
  }

  pid_t worker_of(const std::string& block) const {
    const auto name = shape_.name + "/" + block;
    for (const auto& worker : workers_of(host_.pid())) {
      if (worker.name == name) return worker.pid;
    }
    return 0;
  }

  /// Until each sink has one that was made from now on.
  void await_frames(const std::string& when) {
    const auto now = Clock::now().time_since_epoch();
    host_.wait_until(
        [&] {
          return std::ranges::all_of(shape_.sinks, [&](const auto& sink) {
            return newest_seen(folder_.path() / sink) > now;
          });
        },
        "frames " + when);
  }

  void expect(bool good, const std::string& what) {
    if (!good) figures_.wrong.push_back(fmt::format("{}: {}", shape_.name, what));
  }

  const Shape& shape_;
  Figures& figures_;
  std::mt19937_64 random_;
  TemporaryFolder folder_;
  Process host_;
  std::size_t descriptors_ = 0, memory_files_ = 0;
};

void print_recoveries(Figures& figures) {
  std::vector<double> all;
  for (auto& [fault, times] : figures.recoveries) all.insert(all.end(), times.begin(), times.end());
  figures.recoveries["all"] = all;
  for (auto& [fault, times] : figures.recoveries) {
    std::ranges::sort(times);
    const auto at = [&times](double share) {
      return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
    };
    fmt::print(
        "{:10} {:5} times, until frames came: p50 {:6.1f} ms, p99 {:6.1f} ms, max {:6.1f} ms\n",
        fault, times.size(), at(0.5), at(0.99), at(1));
  }
}

int run_all(std::uint64_t faults, std::uint64_t seed) {
  adopt_orphans();
  Figures figures;
  const std::vector<Shape> shapes = {kEdges, kTwelve, live_twelve()};
  for (const auto& shape : shapes) {
    Trial trial(shape, seed, figures);
    for (std::uint64_t i = 0; i < faults / shapes.size(); ++i) trial.fault();
    trial.end();
  }
  if (!eventually(no_children_left)) figures.wrong.emplace_back("processes were left");
  print_recoveries(figures);
  fmt::print("{} frames on all wires, {} lost in a crash\n", figures.frames, figures.lost);
  for (const auto& what : figures.wrong) fmt::print("WRONG: {}\n", what);
  return figures.wrong.empty() ? 0 : 1;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  CLI::App app{"Does to running blocks whatever a day can bring"};
  std::uint64_t faults = 40, seed = 1;
  app.add_option("--faults", faults, "In all")->capture_default_str();
  app.add_option("--seed", seed, "Of the faults")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return vcengine::test::run_all(faults, seed);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
