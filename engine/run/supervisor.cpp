#include "engine/run/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/control/nearest_word.hpp"
#include "engine/run/poll_set.hpp"
#include "wire/futex.hpp"

namespace vcengine {

using namespace std::chrono_literals;
using Phase = WorkerPhase;

namespace {

constexpr auto kShowEvery = 200ms;
constexpr auto kTrial = 10s;

}  // namespace

Supervisor::Supervisor(const Plan& plan, const RunOptions& options, ProcessLauncher& launcher,
                       Symbolizer symbolizer, RunConsole& console, Debugger* debugger)
    : plan_(plan),
      options_(options),
      launcher_(launcher),
      console_(console),
      obituaries_(console, std::move(symbolizer)),
      debugger_(debugger),
      wiring_(plan_, !wire::has_futex_waitv()),
      set_up_(plan_, options_, wiring_, workers_),
      live_(plan_, *this),
      edits_(*this, live_, console),
      capsules_(plan_, options_, wiring_, set_up_, workers_),
      progress_(plan_, options_, wiring_, launcher_, console_, workers_,
                [this](std::size_t block, std::string_view why) { give_up(block, why); }),
      shutdown_(plan_, wiring_, launcher_, console_, workers_) {
  for (const auto& block : plan.blocks) workers_.emplace_back(block.supervision);
}

bool Supervisor::order(std::size_t block, const JsonObject& message) {
  if (!workers_[block].process.control.send(message)) return false;
  wiring_.count_order(block);
  ordered_ = true;
  return true;
}

/// Once for all that were ordered, for it wakes every worker that sleeps.
void Supervisor::ring_if_ordered() {
  if (std::exchange(ordered_, false)) wiring_.ring();
}

void Supervisor::swap(std::size_t block, std::filesystem::path plugin,
                      HotSwaps::OnOutcome on_outcome) {
  if (debugger_ != nullptr) throw JsonError("a circuit under the debugger cannot be changed");
  edits_.swap(block, plugin, std::move(on_outcome));
}

void Supervisor::reload(Reload::OnOutcome on_outcome) {
  if (debugger_ != nullptr) throw JsonError("a circuit under the debugger cannot be changed");
  edits_.reload(std::move(on_outcome));
}

std::uint64_t Supervisor::waiting_on(std::size_t wire) const {
  return wiring_.wires_now()[wire].waiting;
}

Worker Supervisor::launch_beside(const PlannedBlock& next) {
  Worker candidate(next.supervision);
  launch_into(candidate, next);
  return candidate;
}

void Supervisor::load_beside(const Plan& plan, std::size_t block,
                             std::optional<std::size_t> running, Worker& candidate,
                             const JsonObject& hello) {
  const auto& next = plan.blocks[block];
  if (running) candidate.log_level = workers_[*running].log_level;
  set_up_.load(plan, block, candidate, hello,
               running ? live_.settings().of(*running, next) : next.params, false);
}

std::string Supervisor::bury(const PlannedBlock& next, Worker& candidate) {
  pollfd ended{.fd = candidate.process.pidfd.get(), .events = POLLIN, .revents = 0};
  const bool by_itself = ::poll(&ended, 1, 0) > 0;
  if (!by_itself) launcher_.signal(candidate.process, SIGKILL);
  const auto end = launcher_.reap(candidate.process);
  read_lines_of(next, candidate, true);
  if (!by_itself) return {};
  if (end.signal == 0) return "it ended with status " + std::to_string(end.status);
  obituaries_.add({.circuit = plan_.name,
                   .block = next.name,
                   .frame = {},
                   .signal = end.signal,
                   .plugin = next.type.plugin,
                   .memory = next.resources.memory,
                   .report = std::move(candidate.process.crash_report)});
  return "its new build crashed while it was " + std::string(to_string(candidate.phase)) +
         "; the host's output has the place";
}

void Supervisor::ask_to_leave(std::size_t block, Leave leave) {
  if (leave == Leave::no) {
    order(block, {{"op", "stay"}});
  } else {
    order(block, {{"op", "leave"}, {"drain", leave == Leave::for_good}});
  }
}

PluginBuild Supervisor::take_place(std::size_t block, PlannedBlock next, Worker successor) {
  auto& worker = workers_[block];
  become(block, std::move(next));
  auto build = std::exchange(worker.build, std::move(successor.build));
  worker.process = std::move(successor.process);
  worker.output = std::move(successor.output);
  worker.errors = std::move(successor.errors);
  worker.build_id = std::move(successor.build_id);
  worker.killed_for_time = false;
  worker.enter(successor.phase);
  set_up_.step_of(block, live_.settings().of(block));
  return build;
}

void Supervisor::become(std::size_t block, PlannedBlock next) {
  auto& worker = workers_[block];
  if (worker.restarts.rules() != next.supervision) {
    worker.restarts = RestartPolicy(next.supervision);
  }
  live_.settings().exchange(block, next);
  plan_.blocks[block] = std::move(next);
}

void Supervisor::rewire(const Plan& next, const PlanMatch& match,
                        std::vector<std::pair<std::size_t, Worker>> successors) {
  std::vector<Worker> workers;
  for (std::size_t block = 0; block < next.blocks.size(); ++block) {
    if (match.blocks[block]) {
      workers.push_back(std::move(workers_[*match.blocks[block]]));
    } else {
      auto& worker = workers.emplace_back(next.blocks[block].supervision);
      worker.phase = Phase::down;
    }
  }
  capsules_.before_wires_go();
  live_.rewire(next, match);
  asked_.end_all();
  const auto before = std::exchange(plan_, next);
  workers_ = std::move(workers);
  wiring_.adopt(before, match);
  progress_.begin_anew();
  for (auto& [block, worker] : successors) {
    if (!match.blocks[block]) workers_[block].on_trial_until = Clock::now() + kTrial;
    take_place(block, plan_.blocks[block], std::move(worker));
  }
}

void Supervisor::restart(std::size_t block, AskedRestarts::OnOutcome on_outcome) {
  auto& worker = workers_[block];
  if (debugger_ != nullptr) throw JsonError("a circuit with a debugger has no restarts");
  if (edits_.is_under_way(block) || asked_.is_under_way(block)) {
    throw JsonError("block " + plan_.blocks[block].name + " is being exchanged already");
  }
  switch (worker.phase) {
    case Phase::running:
      asked_.begin(block, std::move(on_outcome));
      return ask_to_leave(block, Leave::yes);
    case Phase::down:
      asked_.begin(block, std::move(on_outcome));
      asked_.died(block);
      worker.restart_at = Clock::now();
      return;
    default:
      throw JsonError("block " + plan_.blocks[block].name + " does not run: it is " +
                      std::string(to_string(worker.phase)));
  }
}

void Supervisor::kill_for_restart(std::size_t block) {
  console_.error("block " + plan_.blocks[block].name + " does not leave its process(); killed");
  workers_[block].killed_for_time = true;
  launcher_.signal(workers_[block].process, SIGKILL);
}

void Supervisor::hold_back_clock(std::chrono::nanoseconds time) {
  wiring_.hold_back_clock(time);
  if (run_until_ != Clock::time_point::max()) run_until_ += time;
}

ExitStatus Supervisor::run() {
  try {
    launch_all();
    while (anybody_left() || debugging()) {
      wait_for_events();
      check_times();
    }
    look_for_damage();
    obituaries_.print_all();
    obituaries_.add_notes(capsules_.finish());
  } catch (...) {
    if (debugging()) debugger_->kill();
    edits_.stop();
    shutdown_.kill_all();
    for (std::size_t block = 0; block < workers_.size(); ++block) {
      if (workers_[block].has_process()) {
        launcher_.reap(workers_[block].process);
      }
    }
    throw;
  }
  ended_ = Clock::now();
  return shutdown_.status();
}

RunStats Supervisor::stats() const {
  RunStats stats;
  stats.circuit = plan_.name;
  if (running_) stats.running = ended_.value_or(Clock::now()) - run_since_;
  wiring_.fill(stats);
  return stats;
}

void Supervisor::launch(std::size_t block) { launch_into(workers_[block], plan_.blocks[block]); }

void Supervisor::launch_into(Worker& worker, const PlannedBlock& planned) {
  worker.build = PluginBuild(planned.type.plugin);
  worker.process = launcher_.launch("vcengine-worker: " + plan_.name + "/" + planned.name,
                                    planned.resources.env);
  worker.output = LineReader(std::move(worker.process.output));
  worker.errors = LineReader(std::move(worker.process.errors));
  worker.since = Clock::now();
  worker.killed_for_time = false;
}

void Supervisor::launch_all() {
  for (std::size_t block = 0; block < workers_.size(); ++block) launch(block);
}

void Supervisor::relaunch_those_due() {
  if (shutdown_.begun()) return;
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (workers_[block].phase != Phase::down || Clock::now() < workers_[block].restart_at ||
        edits_.keeps_down(block)) {
      continue;
    }
    try {
      launch(block);
      on_event(block, WorkerEvent::launched, {});
    } catch (const std::system_error& failure) {  // no descriptor or no process is left
      console_.error("block " + plan_.blocks[block].name +
                     " cannot be started again: " + failure.what());
      mourn(block);
    }
  }
}

void Supervisor::wait_for_events() {
  PollSet events;
  events.watch(signals_.fd(), POLLIN,
               [this] { signals_.read([this](int number) { on_signal(number); }); });
  events.watch(obituaries_.fd(), POLLIN, [this] { obituaries_.print_ready(); });
  events.watch(capsules_.fd(), POLLIN, [this] { obituaries_.add_notes(capsules_.take_notes()); });
  if (debugging()) events.watch(debugger_->fd(), POLLIN, [this] { debugger_left(); });
  const bool takes_output = console_.takes_output();
  if (!takes_output) {
    events.watch(console_.output_fd(), POLLOUT, [] {});  // takes_output() looks again
  }
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    const auto& worker = workers_[block];
    if (!worker.has_process()) continue;
    if (worker.process.control.fd() >= 0) {
      events.watch(worker.process.control.fd(), POLLIN, [this, block] { read_messages(block); });
    }
    if (!is_debugged(block)) {
      events.watch(worker.process.pidfd.get(), POLLIN, [this, block] { reap(block); });
    }
    const auto read = [this, block] { read_lines(block, false); };
    if (worker.errors.open()) events.watch(worker.errors.fd(), POLLIN, read);
    if (worker.output.open() && takes_output) events.watch(worker.output.fd(), POLLIN, read);
  }
  edits_.watch(events);
  live_.watch(events);  // last: clients never come before workers
  auto due = std::min({progress_.next_timeout(Clock::now()), live_.due(), edits_.due(),
                       capsules_.due(), Clock::now() + kShowEvery});
  if (!live_.pauses().all()) due = std::min(due, run_until_);
  for (const auto& worker : workers_) {
    if (worker.phase == Phase::down) due = std::min(due, worker.restart_at);
  }
  events.wait(due);
  live_.serve();
  ring_if_ordered();
}

void Supervisor::read_lines(std::size_t block, bool all) {
  read_lines_of(plan_.blocks[block], workers_[block], all);
}

void Supervisor::read_lines_of(const PlannedBlock& block, Worker& worker, bool all) {
  const auto& name = block.name;
  const auto error = [&](std::string_view line) {
    worker.recent.add(line);
    console_.block_error(name, line);
  };
  const auto output = [&](std::string_view line) {
    worker.recent.add(line);
    console_.block_output(name, line);
  };
  worker.errors.read(error, all);
  if (!all && !console_.takes_output()) return;
  worker.output.read(output, all);
}

void Supervisor::read_messages(std::size_t block) {
  auto& worker = workers_[block];
  try {
    bool closed = false;
    while (worker.has_process()) {
      const auto message = worker.process.control.try_receive(closed);
      if (!message) break;
      const auto op = text_of(message->body, "op");
      const auto event = event_named(op);
      if (!event) throw ChannelError("sent an unknown message '" + op + "'");
      on_event(block, *event, message->body);
    }
    // A dead worker's socket closes first; its pidfd says when it can be reaped and how it died.
    if (closed) worker.process.control = Channel();
  } catch (const std::runtime_error& error) {
    give_up(block, std::string("its control messages make no sense: ") + error.what());
    launcher_.signal(worker.process, SIGKILL);
    reap(block);
  }
}

void Supervisor::on_event(std::size_t block, WorkerEvent event, const JsonObject& message) {
  auto& worker = workers_[block];
  const auto [next, action] = transition(worker.phase, event);
  if (next != worker.phase) worker.enter(next);
  act(action, block, message);
}

void Supervisor::act(SupervisorAction action, std::size_t block, const JsonObject& message) {
  switch (action) {
    case SupervisorAction::send_load:
      set_up_.load(plan_, block, workers_[block], message, live_.settings().of(block),
                   debugger_ != nullptr && debugger_->block() == block);
      break;
    case SupervisorAction::start_debugger:
      start_debugger(block, message);
      break;
    case SupervisorAction::look_at_all:
      if (const auto* window = message.if_contains("window");
          window != nullptr && window->is_bool()) {
        if (window->get_bool()) set_up_.open_window();
      }
      workers_[block].note_build(message);
      if (running_) {
        go_on_with(block);
      } else if (!shutdown_.begun() && set_up_.step()) {
        begin_running();
      }
      break;
    case SupervisorAction::take_answer:
      live_.answered(block, message);
      break;
    case SupervisorAction::block_finished:
      live_.block_ended(block);
      wiring_.reader_finished(block);
      if (!shutdown_.begun() && sinks_finished()) stop(ExitStatus::success, "");
      break;
    case SupervisorAction::stop_circuit:
      stop(ExitStatus::success, plan_.blocks[block].name + ": " + text_of(message, "reason"));
      break;
    case SupervisorAction::give_up:
      look_for_damage();  // who finds it may not be who did it
      if (may_restart(block) || edits_.holds(block)) {
        console_.error("block " + plan_.blocks[block].name +
                       " failed: " + text_of(message, "text"));
      } else {
        give_up(block, text_of(message, "text"));
      }
      break;
    case SupervisorAction::wait_to_restart:
      wiring_.worker_died(block);
      break;
    case SupervisorAction::nothing:
      break;
    case SupervisorAction::settle:
    case SupervisorAction::bury:
      capsules_.before_it_is_gone(block);
      wiring_.worker_gone(block);
      asked_.ended(block);
      break;
    case SupervisorAction::refuse:
      throw ChannelError("it sent '" + text_of(message, "op") + "' while " +
                         std::string(to_string(workers_[block].phase)));
  }
}

/// With the set-up of a successor, unless a capsule of its predecessor is in the way: then it is
/// called again.
void Supervisor::go_on_with(std::size_t block) {
  if (workers_[block].phase == Phase::mapped && capsules_.hold_up(block)) return;
  set_up_.step_of(block, live_.settings().of(block));
  if (workers_[block].phase != Phase::running) return;
  workers_[block].retries = false;
  live_.block_runs(block);
  edits_.runs(block);
  asked_.runs(block);
}

void Supervisor::begin_running() {
  running_ = true;
  run_since_ = Clock::now();
  if (options_.run_for && !set_up_.ends_by_stamp()) {
    run_until_ = run_since_ +
                 std::chrono::duration_cast<Clock::duration>(*options_.run_for / options_.speed);
  }
  for (auto& worker : workers_) {
    worker.phase = Phase::running;
    worker.since = run_since_;
  }
  wiring_.run(run_since_);
  if (options_.watch) edits_.follow_files();
}

void Supervisor::reap(std::size_t block) {
  auto& worker = workers_[block];
  // Its end is the debugger's to see first: until that leaves, waiting for it would never return.
  if (!worker.has_process() || is_debugged(block)) return;
  // What it said before it died comes first: its last words may explain its death.
  const auto phase_before = worker.phase;
  bool closed = false;
  try {
    while (const auto message = worker.process.control.try_receive(closed)) {
      if (const auto event = event_named(text_of(message->body, "op"))) {
        on_event(block, *event, message->body);
      }
    }
  } catch (const std::runtime_error&) {
    // It is dead; what it could not say properly does not matter any more.
  }
  const auto end = launcher_.reap(worker.process);
  read_lines(block, true);
  live_.block_ended(block);
  const bool told = worker.phase == Phase::finished || worker.phase == Phase::failed ||
                    worker.phase == Phase::left || worker.phase == Phase::ended;
  const bool goes_on = running_ && !shutdown_.begun() && !wiring_.has_ended(block) &&
                       (worker.phase == Phase::left || edits_.holds(block) || asked_.kills(block));
  const bool restarts = worker.phase != Phase::finished && (goes_on || may_restart(block));
  if (!told && !shutdown_.by_signals() && !failed_) {
    const auto phase = std::exchange(worker.phase, phase_before);  // for the message
    report_death(block, end);
    worker.phase = phase;
  }
  if (restarts) return worker.phase == Phase::ended ? begin_anew(block) : mourn(block);
  obituaries_.print_all();
  on_event(block, WorkerEvent::ended, {});
  if (!told && !shutdown_.by_signals() && !failed_) {
    failed_ = true;
    stop(ExitStatus::block_gave_up, "");
  }
  if (!shutdown_.begun() && running_ && sinks_finished()) stop(ExitStatus::success, "");
}

/// Before the circuit runs, a block that cannot start says something about the circuit or its
/// surroundings: that is told at once, and nothing runs. What was written over ends the circuit.
/// And one that fails or dies in its stop() has nothing left to do but that.
bool Supervisor::may_restart(std::size_t block) const {
  return running_ && !shutdown_.begun() && debugger_ == nullptr && !wiring_.has_ended(block) &&
         workers_[block].restarts.rules().restart != RestartWhen::never;
}

void Supervisor::begin_anew(std::size_t block) {
  auto& worker = workers_[block];
  const auto wait = asked_.is_under_way(block) ? 0ms : worker.restarts.ended(Clock::now());
  asked_.died(block);
  on_event(block, WorkerEvent::died, {});
  worker.restart_at = Clock::now() + wait;
  worker.follows = true;
  obituaries_.add_note(fmt::format("block {} came to its end; it begins anew in {} ms",
                                   plan_.blocks[block].name,
                                   std::chrono::round<std::chrono::milliseconds>(wait).count()));
}

void Supervisor::mourn(std::size_t block) {
  auto& worker = workers_[block];
  const auto& name = plan_.blocks[block].name;
  const auto& rules = worker.restarts.rules();
  look_for_damage();
  const bool killed = asked_.died(block);
  if (!shutdown_.begun() && (killed || worker.phase == Phase::left)) {
    on_event(block, WorkerEvent::died, {});
    worker.restart_at = Clock::now();  // if nobody takes its place before
    return;
  }
  if (!shutdown_.begun()) {
    if (auto before = edits_.falls_back(block)) {
      become(block, std::move(*before));
      if (worker.phase != Phase::down) on_event(block, WorkerEvent::died, {});
      worker.restart_at = Clock::now();
      worker.retries = true;
      obituaries_.add_note("block " + name + ": its new build failed within " +
                           std::to_string(HotSwaps::kProbation.count()) +
                           " s; the build before it is back");
      return;
    }
  }
  const auto wait = worker.restarts.died(
      Clock::now(), wiring_.status(block).trigger.load(std::memory_order_relaxed));
  if (!shutdown_.begun() && wait) {
    if (worker.phase != Phase::down) on_event(block, WorkerEvent::died, {});
    worker.restart_at = Clock::now() + *wait;
    obituaries_.add_note(fmt::format("block {} starts again in {} ms (death {})", name,
                                     std::chrono::round<std::chrono::milliseconds>(*wait).count(),
                                     worker.restarts.deaths()));
    return;
  }
  on_event(block, WorkerEvent::ended, {});
  if (shutdown_.begun()) return;
  const auto why = fmt::format("it died {} times within {} s", rules.intensity.deaths + 1,
                               std::chrono::duration<double>(rules.intensity.within).count());
  obituaries_.print_all();
  const bool on_trial = Clock::now() < worker.on_trial_until;
  if (rules.on_give_up == OnGiveUp::stop && !on_trial) return give_up(block, why);
  console_.error("block " + name + " gave up: " + why + "; the rest runs on without it");
  if (sinks_finished()) stop(ExitStatus::success, "");
}

void Supervisor::start_debugger(std::size_t block, const JsonObject& message) {
  if (debugger_ == nullptr || debugger_->block() != block || debugger_->running()) {
    throw ChannelError("it waits for a debugger that nobody asked for");
  }
  if (shutdown_.begun()) return;
  debugger_->start({.worker = workers_[block].process.pid,
                    .class_name = text_of(message, "class"),
                    .process = static_cast<std::uintptr_t>(integer_of(message, "process"))});
}

void Supervisor::debugger_left() {
  debugger_->reap();
  shutdown_.excuse(Clock::now());
  const auto block = debugger_->block();
  const auto& worker = workers_[block];
  pollfd ended{.fd = worker.process.pidfd.get(), .events = POLLIN, .revents = 0};
  if (::poll(&ended, 1, 0) > 0) reap(block);
  if (shutdown_.begun()) return;
  if (worker.phase == Phase::loading) {
    console_.error("the debugger did not attach to block " + plan_.blocks[block].name);
    return stop(ExitStatus::failure, "");
  }
  stop(ExitStatus::success, "debugger left");
}

void Supervisor::report_death(std::size_t block, const ProcessEnd& end) {
  auto& worker = workers_[block];
  const auto& planned = plan_.blocks[block];
  look_for_damage();
  if (end.signal == SIGKILL && worker.killed_for_time) {
    return capsules_.died(block, live_.settings().of(block), "hang",
                          "block " + planned.name + " hangs, in process()");
  }
  if (end.signal != 0) {
    const auto frame = wiring_.status(block).trigger.load(std::memory_order_relaxed);
    const auto crash = obituaries_.add({.circuit = plan_.name,
                                        .block = planned.name,
                                        .frame = frame == 0 ? std::nullopt : std::optional(frame),
                                        .signal = end.signal,
                                        .plugin = planned.type.plugin,
                                        .memory = planned.resources.memory,
                                        .report = std::move(worker.process.crash_report)});
    capsules_.died(block, live_.settings().of(block), "", "", crash);
  } else {
    const auto text = "worker " + plan_.name + "/" + planned.name +
                      " ended by itself with status " + std::to_string(end.status) + " while " +
                      std::string(to_string(worker.phase)) + " (a block must not call exit())";
    console_.error(text);
    capsules_.died(block, live_.settings().of(block), "exit", text);
  }
}

void Supervisor::on_signal(int number) {
  if (number == SIGCHLD) {
    // Workers are seen by their pidfds. As PID 1 of a container the host also inherits what blocks
    // left.
    if (::getpid() != 1) return;
    siginfo_t info{};
    while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
      const auto is_child = [&](const Worker& worker) { return worker.process.pid == info.si_pid; };
      if (std::ranges::any_of(workers_, is_child)) return;
      ::waitpid(info.si_pid, nullptr, 0);
    }
    return;
  }
  if (debugging()) {
    if (number == SIGINT) return;  // the user's word to the debugger
    debugger_->ask_to_end();
  }
  if (++interrupts_ > 1) {
    console_.note("killed");
    if (debugging()) debugger_->kill();
    edits_.stop();
    shutdown_.kill_all();
    return;
  }
  const auto status = number == SIGINT ? ExitStatus::interrupted : ExitStatus::terminated;
  stop(status, number == SIGINT ? "interrupted" : "terminated");
}

void Supervisor::give_up(std::size_t block, std::string_view why) {
  if (shutdown_.by_signals() || failed_) return;
  failed_ = true;
  console_.error("block " + plan_.blocks[block].name + " gave up: " + std::string(why));
  stop(ExitStatus::block_gave_up, "");
}

void Supervisor::stop(ExitStatus status, std::string_view reason) {
  edits_.stop();
  if (!shutdown_.begin(status, reason, running_)) return;
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (workers_[block].phase == Phase::down) on_event(block, WorkerEvent::ended, {});
  }
}

void Supervisor::check_times() {
  const auto now = Clock::now();
  if (running_ && !debugging()) look_at_figures(now);
  live_.check_times(now);
  if (!debugging()) look_at_progress(now);
  if (running_) look_for_damage();
  if (now >= run_until_ && !live_.pauses().all()) {
    run_until_ = Clock::time_point::max();
    stop(ExitStatus::success, "");
  }
  edits_.check_times(now);
  asked_.check_times(now, [this](std::size_t block) { kill_for_restart(block); });
  ring_if_ordered();
  relaunch_those_due();
  capsules_.look(now);
  for (std::size_t block = 0; running_ && block < workers_.size(); ++block) {
    if (workers_[block].phase == Phase::mapped) go_on_with(block);
  }
  if (!debugging()) shutdown_.check_time(now);
}

void Supervisor::look_at_figures(Clock::time_point now) {
  const auto figures = stats();
  const auto& pauses = live_.pauses();
  console_.show(figures);
  if (!shutdown_.begun() && !pauses.any()) {
    progress_.look_at_joins(figures, now - pauses.with_any(now));
  }
}

/// Who was told to stand still makes none, and nobody who waits for it. A stop ends that.
void Supervisor::look_at_progress(Clock::time_point now) {
  const auto& pauses = live_.pauses();
  if (shutdown_.begun()) {
    if (shutdown_.draining()) progress_.look_for_stalls(shutdown_.since(), now);
    return;
  }
  if (running_ && !pauses.any()) progress_.look_for_stalls(pauses.over_since(), now);
  if (debugger_ != nullptr) return;
  progress_.look_for_hangs(running_, now);
  if (!running_) return;
  if (pauses.any()) {
    progress_.excuse_idle_readers(now);
  } else {
    progress_.look_for_idle_readers(now);
  }
}

void Supervisor::look_for_damage() {
  while (const auto damage = wiring_.look_for_damage()) {
    const auto& worker = workers_[damage->block];
    failed_ = true;
    console_.error("block " + plan_.blocks[damage->block].name +
                   " wrote over memory that it shares: " + damage->what);
    if (worker.has_process()) launcher_.signal(worker.process, SIGKILL);
    stop(ExitStatus::block_gave_up, "");
  }
}

bool Supervisor::sinks_finished() const {
  bool any_sink = false;
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (!plan_.blocks[block].is_sink) continue;
    any_sink = true;
    const auto phase = workers_[block].phase;
    if (phase != Phase::finished && phase != Phase::gone) return false;
  }
  return any_sink;
}

bool Supervisor::anybody_left() const { return !set_up_.all_in(Phase::gone); }

}  // namespace vcengine
