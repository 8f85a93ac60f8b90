#include "tests/step/trial.hpp"

#include <sched.h>

#include <map>
#include <stdexcept>
#include <utility>

#include "tests/step/relay_operations.hpp"
#include "tests/step/wire_trial.hpp"

namespace vcengine::test {

using Stop = SteppedProcess::Stop;

namespace {

/// Stepping is going back and forth between two processes: on one processor that takes a few
/// microseconds, on two it can take a hundred.
void stay_on_one_processor() {
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &here);
  ::sched_setaffinity(0, sizeof here, &here);
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return "killed";
    case Fate::succeeded:
      return "killed and succeeded";
    case Fate::taken_over:
      return "killed and taken over";
    case Fate::frozen:
      return "frozen";
    case Fate::frozen_briefly:
      return "frozen briefly";
  }
  return "?";
}

void Trial::start(const std::function<void()>& body, std::function<void()> wake) {
  wake_ = std::move(wake);
  process_.emplace(body);
}

std::vector<Point> Trial::trace() {
  std::vector<Point> points;
  std::map<std::uint64_t, std::uint64_t> times;
  while (stop_ != Stop::end) {
    const auto next = process_->next_instruction();
    points.push_back({.instruction = next, .time = next != 0 ? ++times[next] : 0});
    step();
    // Two points: in the middle of the instruction that sleeps, and behind it.
    if (stop_ == Stop::asleep) points.push_back({});
  }
  points.pop_back();  // that one was in end_steps(), its signal on the way
  return points;
}

bool Trial::go_to(const std::vector<Point>& points, std::size_t k) {
  auto from = k;
  while (from > 0 && points[from].instruction == 0) --from;
  if (points[from].instruction == 0) return step(k);
  return process_->go_to(points[from].instruction, points[from].time, wake_) && step(k - from);
}

bool Trial::step(std::size_t times) {
  for (std::size_t i = 0; i < times && stop_ != Stop::end; ++i) step();
  return stop_ != Stop::end;
}

void Trial::step() {
  if (stop_ == Stop::asleep) {
    wake_();
    stop_ = process_->wait_for_step();
  } else {
    stop_ = process_->step(static_cast<bool>(wake_));
  }
}

void Trial::run_to_end_of_steps() {
  if (stop_ == Stop::asleep) process_->wait_for_step();
  process_->run_to_end_of_steps();
}

std::vector<Trials> all_trials() {
  std::vector<Trials> all;
  for (auto& operation : operations()) {
    all.push_back({operation.name, [operation] { return make_trial(operation); }});
  }
  for (auto& operation : relay_operations()) {
    all.push_back({operation.name, [operation] { return make_trial(operation); }});
  }
  return all;
}

std::vector<Trials> take_over_trials() {
  std::vector<Trials> all;
  for (auto& operation : take_overs()) {
    all.push_back({operation.name, [operation] { return make_trial(operation); }});
  }
  return all;
}

Tried try_each_instruction(const Trials& trials, Fate fate, bool all) {
  stay_on_one_processor();
  Tried tried;
  const auto points = trials.make()->trace();
  for (std::size_t k = 0; k < points.size(); ++k) {
    try {
      auto trial = trials.make();
      if (!trial->go_to(points, k)) {
        trial = trials.make();
        if (!trial->step(k)) continue;
      }
      ++tried.points;
      trial->meet(fate);
    } catch (const std::runtime_error& error) {
      if (dynamic_cast<const PtraceForbidden*>(&error) != nullptr) throw;
      tried.violations.push_back(std::string(to_string(fate)) + " after " + std::to_string(k) +
                                 " instructions: " + error.what());
      if (!all) break;
    }
  }
  return tried;
}

}  // namespace vcengine::test
