#include "engine/run/live_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/circuit/plan_change.hpp"
#include "engine/control/nearest_word.hpp"

namespace vcengine {

namespace {

constexpr const char* kChanging = "the circuit is being changed already";

ParamValue value_of(const PlannedBlock& block, const ParamInfo& param) {
  const auto found =
      std::ranges::find(block.params, param.name, &std::pair<std::string, ParamValue>::first);
  return found == block.params.end() ? param.init : found->second;
}

/// Only what the file says differently than before: what was tuned while it ran stays.
std::vector<LiveSettings::Setting> difference(const PlannedBlock& now, const PlannedBlock& next) {
  std::vector<LiveSettings::Setting> settings;
  for (const auto& param : now.type.info.params) {
    auto value = value_of(next, param);
    if (value != value_of(now, param)) settings.emplace_back(param.name, std::move(value));
  }
  return settings;
}

}  // namespace

void LiveEdits::require_source() const {
  if (source_ == nullptr) throw JsonError("this run cannot be changed");
}

void LiveEdits::follow_files() {
  if (source_ == nullptr) return;
  if (!files_) files_.emplace();
  std::set<std::filesystem::path> files{run_.plan().file};
  for (const auto& block : run_.plan().blocks) files.insert(block.type.plugin);
  files_->watch(files);
}

void LiveEdits::watch(PollSet& events) {
  events.watch(background_.fd(), POLLIN, [this] { background_.finish_ready(); });
  if (files_) events.watch(files_->fd(), POLLIN, [this] { files_->read(); });
  swaps_.watch(events);
  if (rewiring_) rewiring_->watch(events);
}

LiveEdits::Clock::time_point LiveEdits::due() const {
  return files_ ? files_->due().value_or(Clock::time_point::max()) : Clock::time_point::max();
}

void LiveEdits::check_times(Clock::time_point now) {
  if (files_ && files_->changed(now) && !stops_) reload_for_files();
  swaps_.check_times(now);
  look_at_rewiring(now);
  look_at_starting();
}

void LiveEdits::stop() {
  stops_ = true;
  swaps_.stop();
}

void LiveEdits::swap(std::size_t block, const std::filesystem::path& plugin,
                     HotSwaps::OnOutcome on_outcome) {
  require_source();
  // By its name: until it is checked, blocks may have got other numbers.
  background_.add([this, name = run_.plan().blocks[block].name, plugin,
                   outcome = std::move(on_outcome)]() -> Background::Finish {
    try {
      const auto next = std::make_shared<const Plan>(
          source_->check_again(plugin.empty() ? std::nullopt : std::optional(plugin)));
      return [=, this] { exchange(name, plugin, next, outcome); };
    } catch (const std::exception& error) {
      return [=, problem = std::string(error.what())] { outcome(problem); };
    }
  });
}

void LiveEdits::exchange(const std::string& name, const std::filesystem::path& plugin,
                         const std::shared_ptr<const Plan>& next,
                         const HotSwaps::OnOutcome& on_outcome) {
  const auto& blocks = run_.plan().blocks;
  if (std::ranges::find(blocks, name, &PlannedBlock::name) == blocks.end()) {
    return on_outcome("it was removed from the circuit meanwhile");
  }
  if (const auto wiring = change_between(run_.plan(), *next).wiring; !wiring.empty()) {
    return on_outcome("it does not fit the wires that are there: " + join(wiring));
  }
  const auto block = live_.settings().block_named(name);
  const auto& type = next->blocks[block].type;
  if (!plugin.empty() && type.plugin != plugin) {
    return on_outcome(plugin.string() + " has no type '" + type.info.type + "'");
  }
  begin_swap(block, next, on_outcome);
}

void LiveEdits::begin_swap(std::size_t block, const std::shared_ptr<const Plan>& next,
                           const HotSwaps::OnOutcome& on_outcome) {
  if (stops_) return on_outcome("the circuit is stopping");
  if (rewiring_ || swaps_.is_under_way(block)) return on_outcome(kChanging);
  try {
    swaps_.begin(block, next, on_outcome);
  } catch (const std::system_error& failure) {  // no descriptor or no process is left
    on_outcome(failure.what());
  }
}

void LiveEdits::reload(Reload::OnOutcome on_outcome) {
  require_source();
  auto reload = std::make_shared<Reload>(std::move(on_outcome));
  background_.add([this, reload = std::move(reload)]() -> Background::Finish {
    try {
      const auto next = std::make_shared<const Plan>(source_->read_again());
      return [=, this] { adopt(next, reload); };
    } catch (const std::exception& error) {
      return [reload, problem = std::string(error.what())] {
        reload->outcome.problems.push_back(problem);
      };
    }
  });
}

void LiveEdits::adopt(const std::shared_ptr<const Plan>& next, const SharedReload& reload) {
  const auto& running = run_.plan();
  const auto change = change_between(running, *next);
  if (!change.wiring.empty() || !reason_to_start_again(running, *next).empty()) {
    return begin_rewiring(*next, reload);
  }
  for (std::size_t block = 0; block < running.blocks.size(); ++block) {
    const auto& name = running.blocks[block].name;
    const auto has = [&](const auto& blocks) { return std::ranges::count(blocks, block) != 0; };
    if (has(change.workers) || run_.has_new_build(block)) {
      begin_swap(block, next, [reload, name](const std::string& problem) {
        if (problem.empty()) {
          reload->outcome.exchanged.push_back(name);
        } else {
          reload->outcome.problems.push_back(name + " stays as it was: " + problem);
        }
      });
    } else if (has(change.settings)) {
      set({block, difference(running.blocks[block], next->blocks[block])}, next->blocks[block],
          reload);
    }
  }
}

void LiveEdits::set(const LiveSettings::Change& change, const PlannedBlock& next,
                    const SharedReload& reload) {
  live_.change({change}, [=, this](const std::string& problem) {
    if (!problem.empty()) return reload->outcome.problems.push_back(problem);
    run_.keep_params(change.block, next);
    for (const auto& [name, value] : change.settings) {
      reload->outcome.set.push_back(next.name + "." + name);
    }
  });
}

void LiveEdits::begin_rewiring(const Plan& next, const SharedReload& reload) {
  auto& problems = reload->outcome.problems;
  const auto refuse = [&](const std::string& why) {
    problems.push_back("the circuit stays as it was: " + why);
  };
  if (stops_) return refuse("it is stopping");
  if (rewiring_ || swaps_.any_under_way() || !starting_.empty()) {
    return refuse("it is being changed already");
  }
  if (live_.pauses().any()) return refuse("it is paused, and wires change only while it runs");
  if (const auto why = reason_to_start_again(run_.plan(), next); !why.empty()) {
    return refuse(why + "; start it again");
  }
  try {
    swaps_.end_probations();
    rewiring_ = std::make_unique<Rewiring>(run_, next);
    rewiring_for_ = reload;
  } catch (const std::system_error& failure) {  // no descriptor or no process is left
    refuse(failure.what());
  }
}

void LiveEdits::look_at_rewiring(Clock::time_point now) {
  if (!rewiring_) return;
  const bool ready = !stops_ && rewiring_->is_ready(now);
  auto& outcome = rewiring_for_->outcome;
  if (stops_) {
    outcome.problems.emplace_back("the circuit is stopping");
  } else if (const auto& problem = rewiring_->problem()) {
    outcome.problems.push_back("the circuit stays as it was: " + *problem);
  } else if (!ready) {
    return;
  } else {
    std::vector<std::pair<std::size_t, Worker>> workers;
    for (auto& candidate : rewiring_->candidates()) {
      starting_.emplace(candidate->block(), rewiring_for_);
      workers.emplace_back(candidate->block(), candidate->take());
    }
    for (const auto& loss : rewiring_->losses()) console_.note(loss + " are lost");
    const auto next = std::make_shared<const Plan>(rewiring_->next());
    const auto changes = changes_beside(*rewiring_);
    run_.rewire(*next, rewiring_->match(), std::move(workers));
    for (const auto& change : changes) set(change, next->blocks[change.block], rewiring_for_);
    rewiring_.reset();
    adopt(next, rewiring_for_);  // whose plugin was built meanwhile
  }
  rewiring_.reset();
  rewiring_for_.reset();
}

/// Who waits for the outcome may then rely on them.
void LiveEdits::look_at_starting() {
  std::erase_if(starting_, [this](const auto& entry) {
    const auto& [block, reload] = entry;
    const auto phase = run_.phase(block);
    if (phase == WorkerPhase::running || phase == WorkerPhase::finished) {
      reload->outcome.exchanged.push_back(run_.plan().blocks[block].name);
    } else if (phase == WorkerPhase::down || phase == WorkerPhase::gone) {
      reload->outcome.problems.push_back(run_.plan().blocks[block].name +
                                         " cannot start; the host's output has the reason");
    } else {
      return false;
    }
    return true;
  });
}

/// Of blocks that keep their processes: with their numbers in the next plan.
std::vector<LiveSettings::Change> LiveEdits::changes_beside(const Rewiring& rewiring) const {
  const auto& match = rewiring.match();
  std::vector<LiveSettings::Change> changes;
  for (std::size_t block = 0; block < match.blocks.size(); ++block) {
    if (!match.blocks[block] || std::ranges::count(match.changed, block) != 0) continue;
    auto settings =
        difference(run_.plan().blocks[*match.blocks[block]], rewiring.next().blocks[block]);
    if (!settings.empty()) changes.push_back({block, std::move(settings)});
  }
  return changes;
}

void LiveEdits::reload_for_files() {
  reload([this](const ReloadOutcome& outcome) {
    if (!stops_) follow_files();  // first: who reads the rest may build the next one at once
    for (const auto& block : outcome.exchanged) console_.note(block + " has a new process");
    for (const auto& setting : outcome.set) console_.note(setting + " is as the file says now");
    for (const auto& problem : outcome.problems) console_.error(problem);
  });
}

}  // namespace vcengine
