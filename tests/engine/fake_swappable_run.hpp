/// A run whose processes are none: what they say and do is up to the test.
#pragma once

#include <sys/eventfd.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/poll_set.hpp"
#include "engine/run/swappable_run.hpp"
#include "tests/engine/checked_circuit.hpp"

namespace vcengine {

class FakeSwappableRun final : public SwappableRun {
 public:
  explicit FakeSwappableRun(Plan plan) : plan_(std::move(plan)) {
    phases.resize(plan_.blocks.size(), WorkerPhase::running);
    waiting.resize(plan_.wires.size());
  }

  const Plan& plan() const override { return plan_; }
  WorkerPhase phase(std::size_t block) const override { return phases[block]; }
  std::uint64_t waiting_on(std::size_t wire) const override { return waiting[wire]; }

  Worker launch_beside(const PlannedBlock& next) override {
    auto [host, other] = Channel::make();
    candidates.insert_or_assign(next.name, std::move(other));
    Worker worker(next.supervision);
    worker.process.pid = 1000;
    worker.process.pidfd = FileDescriptor(::eventfd(0, EFD_CLOEXEC));
    worker.process.control = std::move(host);
    worker.enter(WorkerPhase::greeting);
    return worker;
  }
  void load_beside(const Plan&, std::size_t, std::optional<std::size_t>, Worker&,
                   const JsonObject&) override {}
  void read_lines_of(const PlannedBlock&, Worker&, bool) override {}
  std::string bury(const PlannedBlock& next, Worker&) override {
    said.push_back("bury " + next.name);
    return "it is dead";
  }
  bool has_new_build(std::size_t) const override { return false; }
  void ask_to_leave(std::size_t block, Leave leave) override {
    const auto* what = leave == Leave::no ? "stay " : leave == Leave::yes ? "leave " : "drain ";
    said.push_back(what + plan_.blocks[block].name);
  }
  PluginBuild take_place(std::size_t block, PlannedBlock next, Worker) override {
    said.push_back("take place " + next.name);
    plan_.blocks[block] = std::move(next);
    return PluginBuild(running_from);
  }
  void keep_params(std::size_t, const PlannedBlock&) override {}
  void rewire(const Plan&, const PlanMatch&, std::vector<std::pair<std::size_t, Worker>>) override {
  }

  /// The candidate of that block says that it is loaded; `sut` is one that watches it.
  template <class Sut>
  void load(const std::string& block, Sut& sut) {
    candidates.at(block).send({{"op", "hello"}});
    candidates.at(block).send({{"op", "loaded"}});
    handle(sut);
  }
  template <class Sut>
  static void handle(Sut& sut) {
    PollSet events;
    sut.watch(events);
    events.wait(std::chrono::steady_clock::now());
  }

  std::vector<WorkerPhase> phases;            ///< of the blocks
  std::vector<std::uint64_t> waiting;         ///< on the wires
  std::map<std::string, Channel> candidates;  ///< their ends
  std::vector<std::string> said;              ///< "leave detect"
  std::filesystem::path running_from;         ///< where the plugins are of those that run

 private:
  Plan plan_;
};

}  // namespace vcengine
