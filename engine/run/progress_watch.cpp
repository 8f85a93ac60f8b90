#include "engine/run/progress_watch.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>
#include <utility>

namespace vcengine {

using namespace std::chrono_literals;
using Phase = WorkerPhase;

namespace {

/// A debugger stops it, and nobody knows for how long.
bool is_traced(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("TracerPid:")) return line.find_first_of("123456789") != line.npos;
  }
  return false;
}

/// A process that was stopped, or that the machine has no time for, says in its page that it waits
/// for as long as that lasts.
bool is_asleep(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const auto name_end = stat.rfind(')');
  return name_end == stat.npos || stat.substr(name_end + 1).starts_with(" S");
}

bool sets_up(Phase phase) {
  return phase == Phase::greeting || phase == Phase::loading || phase == Phase::mapping_own ||
         phase == Phase::mapping_others || phase == Phase::starting;
}

}  // namespace

ProgressWatch::ProgressWatch(const Plan& plan, const RunOptions& options, Wiring& wiring,
                             ProcessLauncher& launcher, RunConsole& console,
                             std::vector<Worker>& workers, GiveUp give_up)
    : plan_(plan),
      options_(options),
      wiring_(wiring),
      launcher_(launcher),
      console_(console),
      workers_(workers),
      give_up_(std::move(give_up)) {
  begin_anew();
}

void ProgressWatch::begin_anew() {
  joins_.emplace(plan_);
  stalls_.emplace(plan_);
  readers_.emplace(plan_);
}

void ProgressWatch::look_at_joins(const RunStats& stats, Clock::time_point now) {
  for (const auto& sentence : joins_->look(stats, now)) console_.note(sentence);
}

void ProgressWatch::look_for_hangs(bool running, Clock::time_point now) {
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    const auto& worker = workers_[block];
    const auto& rules = worker.restarts.rules();
    const auto limit = std::min<Clock::duration>(rules.start_timeout, options_.set_up_time);
    if (sets_up(worker.phase) && now - worker.since > limit) {
      hangs(block, to_string(worker.phase), running);
    }
    if (worker.phase == Phase::running && rules.timeout) {
      const auto at_work = wiring_.at_work(block, now);
      if (at_work && *at_work > *rules.timeout) hangs(block, "in process()", running);
    }
  }
}

void ProgressWatch::hangs(std::size_t block, std::string_view what, bool running) {
  auto& worker = workers_[block];
  if (worker.killed_for_time || is_traced(worker.process.pid)) return;
  worker.killed_for_time = true;
  if (!running) return give_up_(block, "it hangs, " + std::string(what));
  console_.error("block " + plan_.blocks[block].name + " hangs, " + std::string(what) + "; killed");
  launcher_.signal(worker.process, SIGKILL);
}

ProgressWatch::Clock::time_point ProgressWatch::next_timeout(Clock::time_point now) const {
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

void ProgressWatch::look_for_stalls(Clock::time_point flows_since, Clock::time_point now) {
  auto blocks = wiring_.blocks_now();
  for (auto& block : blocks) block.since = std::max(block.since, flows_since);
  const auto wires = wiring_.wires_now();
  if (!stalls_->too_short(blocks, wires, now)) return;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    if (workers_[block].has_process() && !is_asleep(workers_[block].process.pid)) {
      blocks[block].doing = StallWatch::Doing::works;
    }
  }
  const auto wire = stalls_->too_short(blocks, wires, now);
  if (!wire) return;
  const auto from = plan_.blocks[plan_.wires[*wire].from_block].name;
  if (wiring_.let_drop(*wire)) {
    return console_.note("blocks waited for each other; the wire from " + from + " into " +
                         plan_.wire_name(*wire) +
                         " drops frames from now on, as its `stall:` says");
  }
  if (!wiring_.deepen(*wire)) {
    return give_up_(plan_.wires[*wire].from_block,
                    "the circuit stands still: it waits for room on its wire into " +
                        plan_.wire_name(*wire) + ", which waits for something else and holds " +
                        std::to_string(wiring_.depth(*wire)) + " frames already");
  }
  console_.note("blocks waited for each other; the wire from " + from + " into " +
                plan_.wire_name(*wire) + " holds " + std::to_string(wiring_.depth(*wire)) +
                " frames from now on (`depth: " + std::to_string(wiring_.depth(*wire)) +
                "` lets it begin with that)");
}

void ProgressWatch::look_for_idle_readers(Clock::time_point now) {
  for (const auto& finding : readers_->look(wiring_.blocks_now(), wiring_.wires_now(), now)) {
    if (finding.stalls) {
      end_stall(finding.wire, finding.time);
    } else {
      console_.note(fmt::format("block {} takes frames from {} again, after {:.1f} s",
                                plan_.blocks[plan_.wires[finding.wire].to_block].name,
                                plan_.wire_name(finding.wire),
                                std::chrono::duration<double>(finding.time).count()));
    }
  }
}

void ProgressWatch::end_stall(std::size_t wire, std::chrono::nanoseconds time) {
  const auto& planned = plan_.wires[wire];
  auto& reader = workers_[planned.to_block];
  const auto what = fmt::format(
      "block {} has taken nothing from {} for {:.1f} s, and {} waits for it",
      plan_.blocks[planned.to_block].name, plan_.wire_name(wire),
      std::chrono::duration<double>(time).count(), plan_.blocks[planned.from_block].name);
  switch (planned.stall->then) {
    case OnStall::warn:
      return console_.note(what);
    case OnStall::drop_oldest:
      if (wiring_.let_drop(wire)) console_.note(what + "; the wire drops frames from now on");
      return;
    case OnStall::kill_reader:
      if (reader.phase != Phase::running || reader.killed_for_time) return;
      if (is_traced(reader.process.pid)) return;
      reader.killed_for_time = true;
      console_.error(what + "; killed");
      launcher_.signal(reader.process, SIGKILL);
  }
}

}  // namespace vcengine
