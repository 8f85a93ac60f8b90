#include "tests/processes/chaos_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/report.hpp"
#include "tests/processes/support/witnessed.hpp"

namespace vcengine::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

/// Long enough for a change to be at any of its steps.
constexpr auto kLongestChange = 40ms;

const std::vector<std::string> kChanges = {"swap", "restart"};

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

std::int64_t lost_in_crash(const WireFigures& wire) {
  const auto lost = wire.dropped.find("lost_in_crash");
  return lost == wire.dropped.end() ? 0 : lost->second;
}

}  // namespace

ChaosTrial::ChaosTrial(const ChaosCircuit& circuit, std::uint64_t seed, ChaosFigures& figures)
    : circuit_(circuit),
      figures_(figures),
      random_(seed),
      host_(host_command(folder_.path(),
                         {folder_.write("circuit.yaml", circuit.text).string(), "--json"})),
      client_(client_of(folder_.path())) {
  await_frames("at the start");
  descriptors_ = descriptors_of(host_.pid());
  memory_files_ = memory_files_of(host_.pid());
}

void ChaosTrial::disturb() {
  switch (random_() % (circuit_.troubled.empty() ? 3 : 4)) {
    case 0:
      return fault_from_outside();
    case 1:
      return change();
    case 2:
      return change_and_kill();
    default:
      return fault_from_inside();
  }
}

void ChaosTrial::fault_from_outside() {
  static const std::vector<std::string> kFaults = {"kill", "kill", "stop"};
  const auto& fault = any_of(kFaults);
  const auto& block = any_of(circuit_.all);
  const auto pause = 20ms + any_time_below(100ms);
  const auto worker = worker_of(block);
  ::kill(worker, fault == "kill" ? SIGKILL : SIGSTOP);
  if (fault == "stop") {
    std::this_thread::sleep_for(pause);  // what is tested: a process that stands still so long
    ::kill(worker, SIGCONT);
  }
  recover(fault, block);
}

void ChaosTrial::fault_from_inside() {
  static const std::vector<std::string> kFaults = {"throw", "no_memory", "exit", "crash", "hang"};
  const auto& fault = any_of(kFaults);
  const auto& block = any_of(circuit_.troubled);
  const auto orders = folder_.path() / (block + ".do");
  folder_.write(block + ".new", fault);
  fs::rename(folder_.path() / (block + ".new"), orders);
  host_.wait_until([&] { return !fs::exists(orders); }, block + " to " + fault);
  recover(fault, block);
}

/// Nobody dies: it is done, and costs no frame.
void ChaosTrial::change() {
  const auto& what = any_of(kChanges);
  const auto& block = any_of(circuit_.all);
  const auto lost = lost_so_far();
  const auto said = host_.errors().size();
  ask_for(what, block);
  const auto problem = outcome_of_change();
  expect(problem.empty(), what + " of " + block + " is done: " + problem);
  recover(what, block);
  // On a machine that is much too busy, what only waits for a core may seem to hang.
  if (host_.errors().find(" hangs, ", said) != std::string::npos) return;
  expect(lost_so_far() == lost, "no frame lost in a " + what + " of " + block);
}

/// While the change is under way, or just before or after, the block dies, or the process that is
/// to take its place, or a block beside it.
void ChaosTrial::change_and_kill() {
  const auto& change = any_of(kChanges);
  const auto& block = any_of(circuit_.all);
  const auto neighbours = circuit_.neighbours_of(block);
  const auto& neighbour = any_of(neighbours);
  const auto& victim = random_() % 3 == 0 ? neighbour : block;
  const auto pause = any_time_below(kLongestChange);
  const auto which = random_();
  ask_for(change, block);
  std::this_thread::sleep_for(pause);  // what is tested: a death at any moment of the change
  if (const auto workers = workers_named(victim); !workers.empty()) {
    ::kill(workers[which % workers.size()], SIGKILL);
  }
  const auto what = change + "+kill";
  if (const auto problem = outcome_of_change(); !problem.empty()) {
    ++figures_.unchanged[what][problem];
  }
  recover(what, block);
}

void ChaosTrial::recover(const std::string& what, const std::string& block) {
  const auto since = Clock::now();
  await_frames("after " + what + " of " + block);
  figures_.recoveries[what].push_back(Milliseconds(Clock::now() - since).count());
}

void ChaosTrial::ask_for(const std::string& change, const std::string& block) {
  client_.send({{"op", change}, {"block", block}});
  if (change == "swap") swapped_.insert(block);
}

std::string ChaosTrial::outcome_of_change() {
  const auto answer = client_.receive();
  if (!answer) throw std::runtime_error("the host answers no more:\n" + host_.errors());
  if (flag_of(*answer, "ok")) return {};
  const auto text = text_of(*answer, "error");
  return text.substr(text.find(": ") + 2);  // without the block
}

void ChaosTrial::end_probations() {
  for (const auto& block : swapped_) {
    ::kill(worker_of(block), SIGKILL);
    await_frames("after the death of " + block);
  }
}

void ChaosTrial::end() {
  end_probations();
  host_.wait_until([&] { return workers_of(host_.pid()).size() == circuit_.all.size(); },
                   "all workers");
  await_frames("before the end");
  // The last crash may still be looked at, by a program of its own.
  host_.wait_until([&] { return descriptors_of(host_.pid()) == descriptors_; },
                   "as many descriptors of the host as at the start");
  expect(memory_files_of(host_.pid()) == memory_files_, "memory files of the host");
  host_.signal(SIGINT);
  expect(host_.wait() == 130, "exit status 130");
  for (const auto* word : {"gave up", "wrote over", "corrupt", "make no sense", "does not stop"}) {
    if (host_.errors().find(word) == std::string::npos) continue;
    expect(false, fmt::format("nothing '{}':\n{}", word, host_.errors()));
  }
  look_at_report();
}

void ChaosTrial::look_at_report() {
  std::map<std::string, std::int64_t> dropped;
  for (const auto& [name, wire] : parse_report(host_.output()).wires) {
    figures_.lost += lost_in_crash(wire);
    figures_.frames += wire.published;
    dropped[name.substr(0, name.find('.'))] += wire.dropped_in_all();
    expect(wire.published == wire.taken + wire.dropped_in_all() + wire.in_flight,
           "exact counts of " + name);
  }
  look_at_sinks(dropped);
}

/// Each frame that a sink has missed is in the figures of its wire.
void ChaosTrial::look_at_sinks(const std::map<std::string, std::int64_t>& dropped) {
  for (const auto& sink : circuit_.sinks) {
    const auto seen = read_file(folder_.path() / sink);
    expect(seen.find('!') == std::string::npos, "whole pictures at " + sink);
    expect(seen.find('<') == std::string::npos, "pictures in their order at " + sink);
    const auto missed = std::stoll(last_seen(folder_.path() / sink).substr(20));
    expect(missed <= dropped.at(sink), fmt::format("{} missed {} frames, of which {} are counted",
                                                   sink, missed, dropped.at(sink)));
  }
}

const std::string& ChaosTrial::any_of(const std::vector<std::string>& words) {
  return words[random_() % words.size()];
}

std::chrono::milliseconds ChaosTrial::any_time_below(std::chrono::milliseconds limit) {
  return std::chrono::milliseconds(random_() % static_cast<std::uint64_t>(limit.count()));
}

std::vector<pid_t> ChaosTrial::workers_named(const std::string& block) const {
  std::vector<pid_t> pids;
  for (const auto& worker : workers_of(host_.pid())) {
    if (worker.name == circuit_.name + "/" + block) pids.push_back(worker.pid);
  }
  return pids;
}

pid_t ChaosTrial::worker_of(const std::string& block) {
  std::vector<pid_t> workers;
  host_.wait_until([&] { return !(workers = workers_named(block)).empty(); },
                   "a worker of " + block);
  return workers.front();
}

std::int64_t ChaosTrial::lost_so_far() {
  std::int64_t lost = 0;
  const auto answer = client_.ask({{"op", "stats"}});
  for (const auto& [name, wire] : parse_report(to_text(member(answer, "stats"))).wires) {
    lost += lost_in_crash(wire);
  }
  return lost;
}

/// Until each sink has one that was made from now on.
void ChaosTrial::await_frames(const std::string& when) {
  const auto now = Clock::now().time_since_epoch();
  host_.wait_until(
      [&] {
        return std::ranges::all_of(circuit_.sinks, [&](const auto& sink) {
          return newest_seen(folder_.path() / sink) > now;
        });
      },
      "frames " + when);
}

void ChaosTrial::expect(bool good, const std::string& what) {
  if (!good) figures_.wrong.push_back(fmt::format("{}: {}", circuit_.name, what));
}

}  // namespace vcengine::test
