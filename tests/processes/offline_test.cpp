/// With --offline a circuit is a function of its inputs: the same bytes come out of each run,
/// whoever is slow or stopped meanwhile.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "engine/control/json.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// What a run left: each file by its name, stdout by none.
using Traces = std::map<std::string, std::string>;

/// This process, and what it starts meanwhile, on one core only.
class OneCore {
 public:
  OneCore() {
    CPU_ZERO(&before_);
    ::sched_getaffinity(0, sizeof before_, &before_);
    int first = 0;
    while (!CPU_ISSET(first, &before_)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;
  ~OneCore() { ::sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_;
};

/// Stops workers of a host for moments, at random, for as long as it lives.
class Stopper {
 public:
  explicit Stopper(pid_t host)
      : thread_([host](const std::stop_token& end) { stop_and_go(host, end); }) {}

 private:
  static void stop_and_go(pid_t host, const std::stop_token& end) {
    std::minstd_rand random(7);  // NOLINT(bugprone-random-generator-seed): the same in each run
    const auto below = [&](std::size_t most) { return random() % most; };
    while (!end.stop_requested()) {
      const auto workers = workers_of(host);
      if (workers.empty()) {
        std::this_thread::yield();
        continue;
      }
      const auto worker = workers[below(workers.size())].pid;
      ::kill(worker, SIGSTOP);
      std::this_thread::sleep_for(std::chrono::microseconds(below(8000)));
      ::kill(worker, SIGCONT);
      std::this_thread::sleep_for(std::chrono::microseconds(below(2000)));
    }
  }

  std::jthread thread_;
};

/// Blocks that do something about time, each in every way in which it could go wrong.
constexpr const char* kTimes =
    "blocks:\n"
    "  slow: {type: core.counter, rate: 30, params: {count: 60}}\n"
    "  fast: {type: core.counter, rate: 333.3, params: {count: 700}}\n"
    "  uneven: {type: test.irregular, params: {count: 150, seed: 3}}\n"
    "  sampler: {type: test.irregular, rate: 77, params: {count: 120, seed: 4}}\n"
    "  left: {type: test.irregular, params: {count: 90, seed: 5}}\n"
    "  right: {type: core.counter, rate: 60, params: {count: 70}}\n"
    "  held: {type: test.add_latest, params: {before: -1}}\n"
    "  sum: {type: test.add_latest}\n"
    "  back: {type: core.scale, params: {factor: 0.5}}\n"
    "  throttle: {type: flow.throttle, params: {rate: 20}}\n"
    "  delay: {type: flow.delay, params: {time: 100ms}}\n"
    "  gate: {type: flow.gate}\n"
    "  hold: {type: flow.sample_hold}\n"
    "  times: {type: test.times}\n"
    "  skip: {type: test.keep_every, params: {n: 3, pause: 200us}}\n"
    "  join: {type: test.fill_in, sync: {tolerance: 10ms, wait: 1ms, on_miss: partial}}\n"
    "  r_held: {type: test.recorder, params: {path: held.txt}}\n"
    "  r_sum: {type: test.recorder, params: {path: sum.txt}}\n"
    "  r_sampler: {type: test.recorder, params: {path: sampler.txt}}\n"
    "  r_gate: {type: test.recorder, params: {path: gate.txt}}\n"
    "  r_hold: {type: test.recorder, params: {path: hold.txt}}\n"
    "  r_delay: {type: test.recorder, params: {path: delay.txt}}\n"
    "  r_dt: {type: test.recorder, params: {path: dt.txt}}\n"
    "  r_now: {type: test.recorder, params: {path: now.txt}}\n"
    "  r_join: {type: test.recorder, params: {path: join.txt}}\n"
    "wires:\n"
    "  - slow.number -> held.in\n"
    "  - fast.number -> held.latest\n"
    "  - fast.number -> sum.in\n"
    "  - sum.out -> back.in\n"
    "  - back.out -> sum.latest\n"
    "  - fast.number -> sampler.steer\n"
    "  - fast.number -> throttle.in\n"
    "  - throttle.out -> times.in\n"
    "  - uneven.a -> delay.in\n"
    "  - fast.number -> gate.in\n"
    "  - uneven.a -> skip.in\n"
    "  - skip.out -> gate.open\n"
    "  - slow.number -> hold.trigger\n"
    "  - skip.out -> hold.value\n"
    "  - held.out -> r_held.in\n"
    "  - sum.out -> r_sum.in\n"
    "  - sampler.b -> r_sampler.in\n"
    "  - gate.out -> r_gate.in\n"
    "  - hold.out -> r_hold.in\n"
    "  - delay.out -> r_delay.in\n"
    "  - times.step -> r_dt.in\n"
    "  - times.now -> r_now.in\n"
    "  - left.a -> join.in\n"
    "  - right.number -> join.first\n"
    "  - join.out -> r_join.in\n";

}  // namespace

class OfflineTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }

  /// Runs a circuit from a copy in a new folder, in which it writes.
  Traces traces_of(const fs::path& circuit, const std::vector<std::string>& options,
                   bool with_stops = false) {
    const auto here = folder() / std::to_string(++runs_);
    fs::create_directories(here);
    const auto copy = here / circuit.filename();
    fs::copy_file(circuit, copy);
    auto arguments = options;
    arguments.insert(arguments.begin(), {copy.string(), "--offline", "-q"});
    auto command = host(std::move(arguments));
    command.folder = here;
    command.environment["OUT"] = here.string();
    for (const auto* camera : {"CAMERA", "LEFT", "RIGHT"})
      command.environment[camera] = "file://" + footage("vtest.avi").string();
    Process process(command);
    std::optional<Stopper> stopper;
    if (with_stops) stopper.emplace(process.pid());
    EXPECT_EQ(0, process.wait()) << process.errors();
    Traces traces{{"", process.output()}};
    for (const auto& entry : fs::recursive_directory_iterator(here)) {
      if (!entry.is_regular_file()) continue;
      traces[fs::relative(entry.path(), here).string()] = read_file(entry.path());
    }
    traces.erase(copy.filename().string());
    return traces;
  }

  static void expect_equal(const Traces& expected, const Traces& traces, const char* how) {
    EXPECT_EQ(expected.size(), traces.size()) << how;
    for (const auto& [name, bytes] : expected) {
      const auto found = traces.find(name);
      const auto what = name.empty() ? "stdout" : name;
      ASSERT_NE(traces.end(), found) << what << " is missing " << how;
      EXPECT_TRUE(bytes == found->second) << what << " differs " << how;
    }
  }

  /// Whatever happens to the workers.
  Traces expect_same_each_time(const fs::path& circuit, const std::vector<std::string>& options) {
    SCOPED_TRACE(circuit);
    auto expected = traces_of(circuit, options);
    expect_equal(expected, traces_of(circuit, options), "in the second run");
    expect_equal(expected, traces_of(circuit, options, true), "with workers that were stopped");
    const OneCore one;
    expect_equal(expected, traces_of(circuit, options), "on one core");
    return expected;
  }

  Json inspected(const std::vector<std::string>& what) const {
    std::vector<std::string> arguments{"inspect", "--json"};
    arguments.insert(arguments.end(), what.begin(), what.end());
    const auto result = run_host(std::move(arguments));
    EXPECT_EQ(0, result.status) << result.errors;
    return parse_json(result.output);
  }

  std::set<std::string> types_with_a_window() const {
    std::set<std::string> types;
    const auto all = inspected({});
    for (const auto& entry : all.as_array()) {
      const auto& type = object_of(entry, "type");
      if (flag_of(type, "window")) types.insert(text_of(type, "type"));
    }
    return types;
  }

  std::set<fs::path> shipped_circuits_without_a_window() const {
    const auto windows = types_with_a_window();
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(source_folder() / "circuits")) {
      if (entry.path().extension() != ".yaml") continue;
      const auto plan = inspected({"--offline", entry.path().string()});
      bool has_window = false;
      for (const auto& block : array_of(object_of(plan, "plan"), "blocks")) {
        has_window = has_window || windows.contains(text_of(object_of(block, "block"), "type"));
      }
      if (!has_window) files.insert(entry.path());
    }
    return files;
  }

 private:
  int runs_ = 0;
};

TEST_F(OfflineTest, EveryShippedCircuitWithoutAWindowGivesTheSameBytesEachTime) {
  const auto circuits = shipped_circuits_without_a_window();
  EXPECT_LE(2U, circuits.size()) << "hello and edges_to_file at least";
  for (const auto& circuit : circuits) {
    const auto traces = expect_same_each_time(circuit, {"--frames", "40"});
    std::size_t bytes = 0;
    for (const auto& [name, content] : traces) bytes += content.size();
    EXPECT_LT(0U, bytes) << circuit << " leaves nothing to compare";
  }
}

TEST_F(OfflineTest, BlocksThatGoByTimeDoTheSameEachTime) {
  const auto traces = expect_same_each_time(circuit(kTimes, "times.yaml"), {});
  for (const auto& [name, content] : traces) {
    EXPECT_TRUE(name.empty() || lines_of(content).size() > 10) << name << ":\n" << content;
  }
}

TEST_F(OfflineTest, ForSomeTimeMeansMediaTime) {
  const auto file = circuit(
      "blocks:\n"
      "  count: {type: core.counter, rate: 50}\n"
      "  uneven: {type: test.irregular, params: {count: 100000}}\n"
      "  twice: {type: core.scale, params: {factor: 2}}\n"
      "  held: {type: test.add_latest}\n"
      "  r_twice: {type: test.recorder, params: {path: twice.txt}}\n"
      "  r_held: {type: test.recorder, params: {path: held.txt}}\n"
      "wires:\n"
      "  - count.number -> twice.in\n"
      "  - twice.out -> r_twice.in\n"
      "  - uneven.a -> held.in\n"
      "  - twice.out -> held.latest\n"
      "  - held.out -> r_held.in\n",
      "for.yaml");
  const auto traces = expect_same_each_time(file, {"--for", "2s"});
  const auto lines = lines_of(traces.at("twice.txt"));
  ASSERT_EQ(100U, lines.size());
  EXPECT_EQ("100 1980000000 number 200", lines.back());
}

}  // namespace vcengine::test
