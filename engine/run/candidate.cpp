#include "engine/run/candidate.hpp"

#include <utility>

namespace vcengine {

using Phase = WorkerPhase;

Candidate::Candidate(SwappableRun& run, const Plan& plan, std::size_t block,
                     std::optional<std::size_t> running)
    : run_(run),
      plan_(plan),
      block_(block),
      running_(running),
      worker_(run.launch_beside(planned())) {}

Candidate::~Candidate() {
  if (!taken_ && !problem_) run_.bury(planned(), worker_);
}

void Candidate::watch(PollSet& events) {
  if (taken_ || problem_) return;
  if (worker_.process.control.fd() >= 0) {
    events.watch(worker_.process.control.fd(), POLLIN, [this] { read_messages(); });
  }
  events.watch(worker_.process.pidfd.get(), POLLIN, [this] { ended(); });
  for (const auto* lines : {&worker_.errors, &worker_.output}) {
    if (!lines->open()) continue;
    events.watch(lines->fd(), POLLIN, [this] {
      if (!taken_ && !problem_) run_.read_lines_of(planned(), worker_, false);
    });
  }
}

void Candidate::read_messages() {
  try {
    bool closed = false;
    while (!taken_ && !problem_) {
      const auto message = worker_.process.control.try_receive(closed);
      if (!message) break;
      const auto event = event_named(text_of(message->body, "op"));
      if (event == WorkerEvent::hello && worker_.phase == Phase::greeting) {
        worker_.enter(Phase::loading);
        run_.load_beside(plan_, block_, running_, worker_, message->body);
      } else if (event == WorkerEvent::loaded && worker_.phase == Phase::loading) {
        worker_.note_build(message->body);
        worker_.enter(Phase::loaded);
      } else if (event == WorkerEvent::failed) {
        fail(text_of(message->body, "text"));
      } else {
        throw ChannelError("it sent '" + text_of(message->body, "op") + "' while " +
                           std::string(to_string(worker_.phase)));
      }
    }
    if (closed) worker_.process.control = Channel();  // pidfd says how it died
  } catch (const std::runtime_error& error) {
    fail(std::string("its control messages make no sense: ") + error.what());
  }
}

void Candidate::ended() {
  read_messages();  // its last words
  if (!taken_ && !problem_) fail("");
}

void Candidate::check_times(Clock::time_point now) {
  if (taken_ || problem_ || worker_.phase == Phase::loaded) return;
  if (now - worker_.since > planned().supervision.start_timeout) {
    fail("it hangs, " + std::string(to_string(worker_.phase)));
  }
}

void Candidate::fail(const std::string& why) {
  const auto end = run_.bury(planned(), worker_);
  problem_ = why.empty() ? end : why;
}

Worker Candidate::take() {
  taken_ = true;
  return std::move(worker_);
}

}  // namespace vcengine
