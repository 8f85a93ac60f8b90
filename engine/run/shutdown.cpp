#include "engine/run/shutdown.hpp"

#include <csignal>
#include <string>

namespace vcengine {

bool Shutdown::begin(ExitStatus status, std::string_view reason, bool running) {
  if (status_ == ExitStatus::success || status == ExitStatus::block_gave_up) status_ = status;
  if (begun()) return false;
  if (!reason.empty()) console_.note(std::string(reason) + ", stopping");
  ran_ = running;
  enter(running ? Step::draining : Step::killing);
  return true;
}

void Shutdown::check_time(Clock::time_point now) {
  const auto time = now - since_;
  switch (step_) {
    case Step::draining:
      if (time > times_.drain) enter(Step::aborting);
      break;
    case Step::aborting:
      if (time > times_.abort) enter(Step::terminating);
      break;
    case Step::terminating:
      if (time > times_.terminate) enter(Step::killing);
      break;
    case Step::none:
    case Step::killing:
      break;
  }
}

void Shutdown::enter(Step step) {
  step_ = step;
  since_ = Clock::now();
  switch (step) {
    case Step::none:
      break;
    case Step::draining:
      wiring_.set_run_state(wire::RunState::stop_sources);
      break;
    case Step::aborting:
      wiring_.set_run_state(wire::RunState::abort);
      break;
    case Step::terminating:
      signal_all(SIGTERM, "asked to terminate");
      break;
    case Step::killing:
      signal_all(SIGKILL, "killed");
  }
}

void Shutdown::signal_all(int number, std::string_view what) {
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (!workers_[block].has_process()) continue;
    if (ran_) {
      console_.error("block " + plan_.blocks[block].name + " does not stop; " + std::string(what));
    }
    launcher_.signal(workers_[block].process, number);
  }
}

void Shutdown::kill_all() {
  step_ = Step::killing;
  since_ = Clock::now();
  for (auto& worker : workers_) {
    if (worker.has_process()) launcher_.signal(worker.process, SIGKILL);
    if (worker.phase == WorkerPhase::down) worker.phase = WorkerPhase::gone;
  }
}

}  // namespace vcengine
