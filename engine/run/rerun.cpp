#include "engine/run/rerun.hpp"

#include <signal.h>

#include <utility>

#include "engine/run/obituaries.hpp"
#include "engine/run/poll_set.hpp"
#include "wire/futex.hpp"
#include "wire/work_time.hpp"

namespace vcengine {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kLookEvery = 20ms;

}  // namespace

Rerun::Rerun(const Capsule& capsule, ProcessLauncher& launcher, RunConsole& console)
    : capsule_(capsule),
      launcher_(launcher),
      console_(console),
      set_up_(capsule, {.eventfds = !wire::has_futex_waitv(), .limits = true}) {}

Rerun::Outcome Rerun::run(const Symbolizer& symbolizer) {
  worker_ =
      launcher_.launch("vcengine-worker: " + capsule_.circuit + "/" + capsule_.block, capsule_.env);
  output_ = LineReader(std::move(worker_.output));
  errors_ = LineReader(std::move(worker_.errors));
  try {
    wait_for_its_end();
  } catch (...) {
    launcher_.signal(worker_, SIGKILL);
    launcher_.reap(worker_);
    throw;
  }
  const auto end = launcher_.reap(worker_);
  read_messages(Reaped::yes);
  read_lines(true);
  return judge(end, symbolizer);
}

void Rerun::wait_for_its_end() {
  for (bool ended = false; !ended;) {
    PollSet events;
    events.watch(worker_.pidfd.get(), POLLIN, [&] { ended = true; });
    if (worker_.control.fd() >= 0) {
      events.watch(worker_.control.fd(), POLLIN, [this] { read_messages(Reaped::no); });
    }
    const bool takes_output = console_.takes_output();
    if (!takes_output) events.watch(console_.output_fd(), POLLOUT, [] {});
    const auto read = [this] { read_lines(false); };
    if (errors_.open()) events.watch(errors_.fd(), POLLIN, read);
    if (output_.open() && takes_output) events.watch(output_.fd(), POLLIN, read);
    events.wait(capsule_.timeout ? Clock::now() + kLookEvery : Clock::now() + 1h);
    if (!killed_for_time_ && hangs()) {
      killed_for_time_ = true;
      launcher_.signal(worker_, SIGKILL);
    }
  }
}

void Rerun::read_messages(Reaped reaped) {
  if (worker_.control.fd() < 0) return;
  bool closed = false;
  while (const auto message = worker_.control.try_receive(closed)) {
    const auto op = text_of(message->body, "op");
    if (reaped == Reaped::no) set_up_.answer(worker_.control, op);
    started_ = started_ || op == "ready";
    finished_ = finished_ || op == "finished";
    if (op == "failed") problem_ = text_of(message->body, "text");
  }
  if (closed) worker_.control = Channel();
}

void Rerun::read_lines(bool all) {
  const auto& name = capsule_.block;
  errors_.read([&](std::string_view line) { console_.block_error(name, line); }, all);
  if (!all && !console_.takes_output()) return;
  output_.read([&](std::string_view line) { console_.block_output(name, line); }, all);
}

bool Rerun::hangs() const {
  if (!capsule_.timeout || !started_) return false;
  const auto at_work = wire::at_work(set_up_.status(), Clock::now());
  return at_work && *at_work > *capsule_.timeout;
}

Rerun::Outcome Rerun::judge(const ProcessEnd& end, const Symbolizer& symbolizer) {
  const auto block = "block " + capsule_.block;
  if (finished_) {
    console_.note(block + ": process() returned");
    return Outcome::returned;
  }
  const auto outcome = started_ ? Outcome::faulted : Outcome::not_started;
  if (problem_) {
    console_.error(block + " failed: " + *problem_);
    return outcome;
  }
  if (killed_for_time_) {
    console_.error(block + " hangs, in process(); killed");
    return outcome;
  }
  if (end.signal == 0) {
    console_.error("worker " + capsule_.circuit + "/" + capsule_.block +
                   " ended by itself with status " + std::to_string(end.status) +
                   " (a block must not call exit())");
    return outcome;
  }
  Obituaries obituaries(console_, symbolizer);
  obituaries.add({.circuit = capsule_.circuit,
                  .block = capsule_.block,
                  .frame = capsule_.death.frame,
                  .signal = end.signal,
                  .plugin = capsule_.plugin,
                  .memory = std::nullopt,
                  .report = std::move(worker_.crash_report)});
  obituaries.print_all();
  return outcome;
}

}  // namespace vcengine
