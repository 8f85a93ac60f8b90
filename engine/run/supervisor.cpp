#include "engine/run/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/plan_change.hpp"
#include "engine/control/nearest_word.hpp"
#include "engine/run/poll_set.hpp"
#include "wire/futex.hpp"

namespace vcengine {

using namespace std::chrono_literals;
using Phase = WorkerPhase;

namespace {

constexpr auto kShowEvery = 200ms;

/// A debugger stops it, and nobody knows for how long.
bool is_traced(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("TracerPid:")) return line.find_first_of("123456789") != line.npos;
  }
  return false;
}

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
      join_watch_(plan_),
      stall_watch_(plan_),
      set_up_(plan_, options_, wiring_, workers_),
      live_(plan_, *this),
      swaps_(*this) {
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
  if (source_ == nullptr || debugger_ != nullptr) {
    throw JsonError("blocks of this run cannot be exchanged");
  }
  background_.add([this, block, plugin = std::move(plugin),
                   outcome = std::move(on_outcome)]() -> Background::Finish {
    try {
      auto next = source_->check_again(plugin.empty() ? std::nullopt : std::optional(plugin));
      return [=, this, next = std::move(next)] { exchange(block, plugin, next, outcome); };
    } catch (const std::exception& error) {
      return [=, problem = std::string(error.what())] { outcome(problem); };
    }
  });
}

void Supervisor::exchange(std::size_t block, const std::filesystem::path& plugin, const Plan& next,
                          const HotSwaps::OnOutcome& on_outcome) {
  if (const auto wiring = change_between(plan_, next).wiring; !wiring.empty()) {
    return on_outcome("it does not fit the wires that are there: " + join(wiring));
  }
  const auto& planned = next.blocks[block];
  if (!plugin.empty() && planned.type.plugin != plugin) {
    return on_outcome(plugin.string() + " has no type '" + planned.type.info.type + "'");
  }
  begin_swap(block, planned, on_outcome);
}

void Supervisor::begin_swap(std::size_t block, const PlannedBlock& next,
                            const HotSwaps::OnOutcome& on_outcome) {
  if (stop_stage_ != StopStage::none) return on_outcome("the circuit is stopping");
  if (swaps_.is_under_way(block)) return on_outcome("it is being exchanged already");
  try {
    swaps_.begin(block, plan_.blocks[block], next, on_outcome);
  } catch (const std::system_error& failure) {  // no descriptor or no process is left
    on_outcome(failure.what());
  }
}

void Supervisor::reload(Reload::OnOutcome on_outcome) {
  if (source_ == nullptr || debugger_ != nullptr) throw JsonError("this run cannot be changed");
  auto reload = std::make_shared<Reload>(std::move(on_outcome));
  background_.add([this, reload = std::move(reload)]() -> Background::Finish {
    try {
      auto next = source_->read_again();
      return [=, this, next = std::move(next)] { adopt(next, reload); };
    } catch (const std::exception& error) {
      return [reload, problem = std::string(error.what())] {
        reload->outcome.problems.push_back(problem);
      };
    }
  });
}

void Supervisor::adopt(const Plan& next, const SharedReload& reload) {
  const auto change = change_between(plan_, next);
  if (!change.wiring.empty()) {
    reload->outcome.problems.push_back("the circuit has to be started again: " +
                                       join(change.wiring));
    return;
  }
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    const auto& name = plan_.blocks[block].name;
    const auto has = [&](const auto& blocks) { return std::ranges::count(blocks, block) != 0; };
    if (has(change.workers) || workers_[block].build.has_changed()) {
      begin_swap(block, next.blocks[block], [reload, name](const std::string& problem) {
        if (problem.empty()) {
          reload->outcome.exchanged.push_back(name);
        } else {
          reload->outcome.problems.push_back(name + " stays as it was: " + problem);
        }
      });
    } else if (has(change.settings)) {
      adopt_settings(block, next.blocks[block], reload);
    }
  }
}

/// Only what the file says differently than before: what was tuned while it ran stays.
void Supervisor::adopt_settings(std::size_t block, const PlannedBlock& next,
                                const SharedReload& reload) {
  const auto& now = plan_.blocks[block];
  LiveSettings::Change change{.block = block, .settings = {}};
  for (const auto& param : now.type.info.params) {
    const auto value_in = [&](const PlannedBlock& planned) {
      const auto found =
          std::ranges::find(planned.params, param.name, &std::pair<std::string, ParamValue>::first);
      return found == planned.params.end() ? param.init : found->second;
    };
    if (value_in(now) != value_in(next)) {
      change.settings.emplace_back(param.name, value_in(next));
    }
  }
  live_.change({change}, [=, this, params = next.params](const std::string& problem) {
    if (!problem.empty()) return reload->outcome.problems.push_back(problem);
    plan_.blocks[block].params = params;
    for (const auto& [name, value] : change.settings) {
      reload->outcome.set.push_back(plan_.blocks[block].name + "." + name);
    }
  });
}

void Supervisor::watch_files() {
  if (!files_) files_.emplace();
  std::set<std::filesystem::path> files{plan_.file};
  for (const auto& block : plan_.blocks) files.insert(block.type.plugin);
  files_->watch(files);
}

void Supervisor::reload_for_files() {
  reload([this](const ReloadOutcome& outcome) {
    for (const auto& block : outcome.exchanged) console_.note(block + " has its new build");
    for (const auto& setting : outcome.set) console_.note(setting + " is as the file says now");
    for (const auto& problem : outcome.problems) console_.error(problem);
    if (stop_stage_ == StopStage::none) watch_files();
  });
}

Worker Supervisor::launch_beside(std::size_t, const PlannedBlock& next) {
  Worker candidate(next.supervision);
  candidate.retries = true;
  launch_into(candidate, next);
  return candidate;
}

void Supervisor::load_beside(std::size_t block, const PlannedBlock& next, Worker& candidate,
                             const JsonObject& hello) {
  set_up_.load(block, next, candidate, hello, live_.settings().of(block, next), false);
}

std::string Supervisor::bury(std::size_t block, const PlannedBlock& next, Worker& candidate) {
  pollfd ended{.fd = candidate.process.pidfd.get(), .events = POLLIN, .revents = 0};
  const bool by_itself = ::poll(&ended, 1, 0) > 0;
  if (!by_itself) launcher_.signal(candidate.process, SIGKILL);
  const auto end = launcher_.reap(candidate.process);
  read_lines_of(block, candidate, true);
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

void Supervisor::ask_to_leave(std::size_t block, bool leave) {
  order(block, {{"op", leave ? "leave" : "stay"}});
}

void Supervisor::take_place(std::size_t block, PlannedBlock next, Worker candidate) {
  auto& worker = workers_[block];
  builds_before_.insert_or_assign(block, std::move(worker.build));
  become(block, std::move(next));
  worker.process = std::move(candidate.process);
  worker.output = std::move(candidate.output);
  worker.errors = std::move(candidate.errors);
  worker.build = std::move(candidate.build);
  worker.killed_for_time = false;
  worker.enter(candidate.phase);
  set_up_.step_of(block, live_.settings().of(block));
}

void Supervisor::become(std::size_t block, PlannedBlock next) {
  auto& worker = workers_[block];
  if (worker.restarts.rules() != next.supervision) {
    worker.restarts = RestartPolicy(next.supervision);
  }
  live_.settings().exchange(block, next);
  plan_.blocks[block] = std::move(next);
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
  } catch (...) {
    if (debugging()) debugger_->kill();
    kill_all();
    for (std::size_t block = 0; block < workers_.size(); ++block) {
      if (workers_[block].has_process()) {
        launcher_.reap(workers_[block].process);
      }
    }
    throw;
  }
  ended_ = Clock::now();
  return status_;
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
  if (stop_stage_ != StopStage::none) return;
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (workers_[block].phase != Phase::down || Clock::now() < workers_[block].restart_at) continue;
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
  events.watch(background_.fd(), POLLIN, [this] { background_.finish_ready(); });
  if (files_) events.watch(files_->fd(), POLLIN, [this] { files_->read(); });
  swaps_.watch(events);
  live_.watch(events);  // last: clients never come before workers
  auto due = std::min({next_timeout(), live_.due(), Clock::now() + kShowEvery});
  if (files_) due = std::min(due, files_->due().value_or(Clock::time_point::max()));
  if (!live_.pauses().all()) due = std::min(due, run_until_);
  for (const auto& worker : workers_) {
    if (worker.phase == Phase::down) due = std::min(due, worker.restart_at);
  }
  events.wait(due);
  live_.serve();
  ring_if_ordered();
}

/// When a process() that goes on now has taken too long. (One that begins meanwhile is seen at the
/// next look, which comes no later than its time is over.)
Supervisor::Clock::time_point Supervisor::next_timeout() const {
  const auto now = Clock::now();
  auto next = Clock::time_point::max();
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    const auto& timeout = workers_[block].restarts.rules().timeout;
    if (!timeout || workers_[block].phase != Phase::running || workers_[block].killed_for_time) {
      continue;
    }
    const auto at_work = wiring_.at_work(block, now).value_or(std::chrono::nanoseconds(0));
    next = std::min(next, now + std::max<Clock::duration>(*timeout - at_work, 1ms));
  }
  return next;
}

void Supervisor::read_lines(std::size_t block, bool all) {
  read_lines_of(block, workers_[block], all);
}

void Supervisor::read_lines_of(std::size_t block, Worker& worker, bool all) {
  const auto& name = plan_.blocks[block].name;
  worker.errors.read([&](std::string_view line) { console_.block_error(name, line); }, all);
  if (!all && !console_.takes_output()) return;
  worker.output.read([&](std::string_view line) { console_.block_output(name, line); }, all);
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
      set_up_.load(block, plan_.blocks[block], workers_[block], message, live_.settings().of(block),
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
      if (running_) {
        set_up_.step_of(block, live_.settings().of(block));
        if (workers_[block].phase == Phase::running) {
          workers_[block].retries = false;
          live_.block_runs(block);
          swaps_.runs(block);
        }
      } else if (stop_stage_ == StopStage::none && set_up_.step()) {
        begin_running();
      }
      break;
    case SupervisorAction::take_answer:
      live_.answered(block, message);
      break;
    case SupervisorAction::block_finished:
      live_.block_ended(block);
      wiring_.reader_finished(block);
      if (stop_stage_ == StopStage::none && sinks_finished()) stop(ExitStatus::success, "");
      break;
    case SupervisorAction::stop_circuit:
      stop(ExitStatus::success, plan_.blocks[block].name + ": " + text_of(message, "reason"));
      break;
    case SupervisorAction::give_up:
      look_for_damage();  // who finds it may not be who did it
      if (may_restart(block) || swaps_.holds(block)) {
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
      wiring_.worker_gone(block);
      break;
    case SupervisorAction::bury:
      wiring_.worker_gone(block);
      break;
    case SupervisorAction::refuse:
      throw ChannelError("it sent '" + text_of(message, "op") + "' while " +
                         std::string(to_string(workers_[block].phase)));
  }
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
  if (options_.watch) watch_files();
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
                    worker.phase == Phase::left;
  const bool goes_on = running_ && stop_stage_ == StopStage::none && !wiring_.has_ended(block) &&
                       (worker.phase == Phase::left || swaps_.holds(block));
  const bool restarts = worker.phase != Phase::finished && (goes_on || may_restart(block));
  if (!told && stop_stage_ < StopStage::terminating && !failed_) {
    const auto phase = std::exchange(worker.phase, phase_before);  // for the message
    report_death(block, end);
    worker.phase = phase;
  }
  if (restarts) return mourn(block);
  obituaries_.print_all();
  on_event(block, WorkerEvent::ended, {});
  if (!told && stop_stage_ < StopStage::terminating && !failed_) {
    failed_ = true;
    stop(ExitStatus::block_gave_up, "");
  }
  if (stop_stage_ == StopStage::none && running_ && sinks_finished()) stop(ExitStatus::success, "");
}

/// Before the circuit runs, a block that cannot start says something about the circuit or its
/// surroundings: that is told at once, and nothing runs. What was written over ends the circuit.
/// And one that fails or dies in its stop() has nothing left to do but that.
bool Supervisor::may_restart(std::size_t block) const {
  return running_ && stop_stage_ == StopStage::none && debugger_ == nullptr &&
         !wiring_.has_ended(block) &&
         workers_[block].restarts.rules().restart != RestartWhen::never;
}

void Supervisor::mourn(std::size_t block) {
  auto& worker = workers_[block];
  const auto& name = plan_.blocks[block].name;
  const auto& rules = worker.restarts.rules();
  look_for_damage();
  if (stop_stage_ == StopStage::none && worker.phase == Phase::left) {
    on_event(block, WorkerEvent::died, {});
    worker.restart_at = Clock::now();  // if nobody takes its place before
    return;
  }
  if (stop_stage_ == StopStage::none) {
    if (auto before = swaps_.falls_back(block)) {
      before->type.plugin = builds_before_[block].path();
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
  if (stop_stage_ == StopStage::none && wait) {
    if (worker.phase != Phase::down) on_event(block, WorkerEvent::died, {});
    worker.restart_at = Clock::now() + *wait;
    obituaries_.add_note(fmt::format("block {} starts again in {} ms (death {})", name,
                                     std::chrono::round<std::chrono::milliseconds>(*wait).count(),
                                     worker.restarts.deaths()));
    return;
  }
  on_event(block, WorkerEvent::ended, {});
  if (stop_stage_ != StopStage::none) return;
  const auto why = fmt::format("it died {} times within {} s", rules.intensity.deaths + 1,
                               std::chrono::duration<double>(rules.intensity.within).count());
  obituaries_.print_all();
  if (rules.on_give_up == OnGiveUp::stop) return give_up(block, why);
  console_.error("block " + name + " gave up: " + why + "; the rest runs on without it");
  if (sinks_finished()) stop(ExitStatus::success, "");
}

void Supervisor::start_debugger(std::size_t block, const JsonObject& message) {
  if (debugger_ == nullptr || debugger_->block() != block || debugger_->running()) {
    throw ChannelError("it waits for a debugger that nobody asked for");
  }
  if (stop_stage_ != StopStage::none) return;
  debugger_->start({.worker = workers_[block].process.pid,
                    .class_name = text_of(message, "class"),
                    .process = static_cast<std::uintptr_t>(integer_of(message, "process"))});
}

void Supervisor::debugger_left() {
  debugger_->reap();
  stage_since_ = Clock::now();
  const auto block = debugger_->block();
  const auto& worker = workers_[block];
  pollfd ended{.fd = worker.process.pidfd.get(), .events = POLLIN, .revents = 0};
  if (::poll(&ended, 1, 0) > 0) reap(block);
  if (stop_stage_ != StopStage::none) return;
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
  if (end.signal == SIGKILL && worker.killed_for_time) return;
  if (end.signal != 0) {
    const auto frame = wiring_.status(block).trigger.load(std::memory_order_relaxed);
    obituaries_.add({.circuit = plan_.name,
                     .block = planned.name,
                     .frame = frame == 0 ? std::nullopt : std::optional(frame),
                     .signal = end.signal,
                     .plugin = planned.type.plugin,
                     .memory = planned.resources.memory,
                     .report = std::move(worker.process.crash_report)});
  } else {
    console_.error("worker " + plan_.name + "/" + planned.name + " ended by itself with status " +
                   std::to_string(end.status) + " while " + std::string(to_string(worker.phase)) +
                   " (a block must not call exit())");
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
    kill_all();
    return;
  }
  const auto status = number == SIGINT ? ExitStatus::interrupted : ExitStatus::terminated;
  stop(status, number == SIGINT ? "interrupted" : "terminated");
}

void Supervisor::give_up(std::size_t block, std::string_view why) {
  if (stop_stage_ >= StopStage::terminating || failed_) return;
  failed_ = true;
  console_.error("block " + plan_.blocks[block].name + " gave up: " + std::string(why));
  stop(ExitStatus::block_gave_up, "");
}

/// The first reason counts, but a failure is never hidden by a stop that came before it.
void Supervisor::stop(ExitStatus status, std::string_view reason) {
  if (status_ == ExitStatus::success || status == ExitStatus::block_gave_up) status_ = status;
  if (stop_stage_ != StopStage::none) return;
  if (!reason.empty()) console_.note(std::string(reason) + ", stopping");
  // Before the circuit runs there is nothing to drain, and blocks may be anywhere in their start().
  escalate(running_ ? StopStage::draining : StopStage::killing);
}

void Supervisor::escalate(StopStage stage) {
  swaps_.stop();
  stop_stage_ = stage;
  stage_since_ = Clock::now();
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (workers_[block].phase == Phase::down) on_event(block, WorkerEvent::ended, {});
  }
  switch (stage) {
    case StopStage::none:
      break;
    case StopStage::draining:
      wiring_.set_run_state(wire::RunState::stop_sources);
      break;
    case StopStage::aborting:
      wiring_.set_run_state(wire::RunState::abort);
      break;
    case StopStage::terminating:
    case StopStage::killing:
      for (std::size_t block = 0; block < workers_.size(); ++block) {
        if (!workers_[block].has_process()) continue;
        if (running_) {
          console_.error("block " + plan_.blocks[block].name + " does not stop; " +
                         (stage == StopStage::killing ? "killed" : "asked to terminate"));
        }
        launcher_.signal(workers_[block].process, stage == StopStage::killing ? SIGKILL : SIGTERM);
      }
  }
}

void Supervisor::kill_all() {
  swaps_.stop();
  stop_stage_ = StopStage::killing;
  stage_since_ = Clock::now();
  for (auto& worker : workers_) {
    if (worker.has_process()) launcher_.signal(worker.process, SIGKILL);
    if (worker.phase == Phase::down) worker.phase = Phase::gone;
  }
}

void Supervisor::check_times() {
  const auto now = Clock::now();
  const auto& pauses = live_.pauses();
  if (running_ && !debugging()) {
    const auto figures = stats();
    console_.show(figures);
    if (stop_stage_ == StopStage::none && !pauses.any()) {
      for (const auto& sentence : join_watch_.look(figures, now - pauses.with_any(now))) {
        console_.note(sentence);
      }
    }
  }
  live_.check_times(now);
  ring_if_ordered();
  // Who was told to stand still waits for nobody. A stop ends that.
  const bool may_stall =
      stop_stage_ == StopStage::none ? !pauses.any() : stop_stage_ == StopStage::draining;
  if (running_ && !debugging() && may_stall) look_for_stalls(now);
  if (running_) look_for_damage();
  if (now >= run_until_ && !pauses.all()) {
    run_until_ = Clock::time_point::max();
    stop(ExitStatus::success, "");
  }
  if (stop_stage_ == StopStage::none && debugger_ == nullptr) look_for_hangs(now);
  if (files_ && files_->changed(now) && stop_stage_ == StopStage::none) reload_for_files();
  swaps_.check_times(now);
  relaunch_those_due();
  if (debugging()) return;
  const auto in_stage = now - stage_since_;
  switch (stop_stage_) {
    case StopStage::draining:
      if (in_stage > stop_times_.drain) escalate(StopStage::aborting);
      break;
    case StopStage::aborting:
      if (in_stage > stop_times_.abort) escalate(StopStage::terminating);
      break;
    case StopStage::terminating:
      if (in_stage > stop_times_.terminate) escalate(StopStage::killing);
      break;
    case StopStage::none:
    case StopStage::killing:
      break;
  }
}

void Supervisor::look_for_hangs(Clock::time_point now) {
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    auto& worker = workers_[block];
    const auto& rules = worker.restarts.rules();
    const auto hangs = [&](std::string what) {
      if (worker.killed_for_time || is_traced(worker.process.pid)) return;
      worker.killed_for_time = true;
      if (!running_) return give_up(block, "it hangs, " + what);
      console_.error("block " + plan_.blocks[block].name + " hangs, " + what + "; killed");
      launcher_.signal(worker.process, SIGKILL);
    };
    const bool sets_up = worker.phase == Phase::greeting || worker.phase == Phase::loading ||
                         worker.phase == Phase::mapping_own ||
                         worker.phase == Phase::mapping_others || worker.phase == Phase::starting;
    if (sets_up &&
        now - worker.since > std::min<Clock::duration>(rules.start_timeout, options_.set_up_time)) {
      hangs(std::string(to_string(worker.phase)));
    }
    if (worker.phase == Phase::running && rules.timeout) {
      const auto at_work = wiring_.at_work(block, now);
      if (at_work && *at_work > *rules.timeout) hangs("in process()");
    }
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

void Supervisor::look_for_stalls(Clock::time_point now) {
  auto blocks = wiring_.blocks_now();
  // What was waited while others were told to stand still says nothing.
  const auto flows_since =
      stop_stage_ == StopStage::none ? live_.pauses().over_since() : stage_since_;
  for (auto& block : blocks) block.since = std::max(block.since, flows_since);
  const auto wire = stall_watch_.too_short(blocks, wiring_.wires_now(), now);
  if (!wire) return;
  const auto from = plan_.blocks[plan_.wires[*wire].from_block].name;
  if (!wiring_.deepen(*wire)) {
    return give_up(plan_.wires[*wire].from_block,
                   "the circuit stands still: it waits for room on its wire into " +
                       plan_.wire_name(*wire) + ", which waits for something else and holds " +
                       std::to_string(wiring_.depth(*wire)) + " frames already");
  }
  console_.note("blocks waited for each other; the wire from " + from + " into " +
                plan_.wire_name(*wire) + " holds " + std::to_string(wiring_.depth(*wire)) +
                " frames from now on (`depth: " + std::to_string(wiring_.depth(*wire)) +
                "` lets it begin with that)");
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
