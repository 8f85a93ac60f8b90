#include "engine/run/live_control.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "engine/circuit/diagnostic.hpp"
#include "engine/control/control_protocol.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/nearest_word.hpp"
#include "engine/control/report_json.hpp"
#include "engine/run/save_settings.hpp"
#include "log_level.hpp"

namespace vcengine {

LiveControl::LiveControl(const Plan& plan, ControlledRun& run)
    : plan_(plan),
      run_(run),
      settings_(plan),
      orders_(plan, run),
      steps_(plan, orders_),
      pauses_(plan.blocks.size()) {}

void LiveControl::watch(PollSet& events) {
  if (server_ == nullptr) return;
  for (const auto& wanted : server_->wanted()) {
    events.watch(wanted.fd, wanted.events,
                 [this, client = wanted.client] { server_->ready(client); });
  }
}

void LiveControl::serve() {
  if (server_ == nullptr) return;
  server_->serve(*this);
  followers_.serve(log_, *server_);
}

LiveControl::Clock::time_point LiveControl::due() const {
  return server_ != nullptr ? std::min(server_->due(), orders_.due()) : Clock::time_point::max();
}

void LiveControl::handle(const ControlCall& call, const JsonObject& request) {
  using Function = void (LiveControl::*)(const ControlCall&, const JsonObject&);
  static constexpr std::array<std::pair<std::string_view, Function>, 14> kOps = {{
      {"status", &LiveControl::status},
      {"stats", &LiveControl::stats},
      {"get", &LiveControl::get},
      {"set", &LiveControl::set},
      {"pause", &LiveControl::pause},
      {"resume", &LiveControl::resume},
      {"step", &LiveControl::step},
      {"swap", &LiveControl::swap},
      {"reload", &LiveControl::reload},
      {"restart", &LiveControl::restart},
      {"logs", &LiveControl::logs},
      {"log_level", &LiveControl::log_level},
      {"save", &LiveControl::save},
      {"stop", &LiveControl::stop},
  }};
  const auto op = text_of(request, "op");
  const auto* const found =
      std::ranges::find(kOps, std::string_view(op), &std::pair<std::string_view, Function>::first);
  if (found == kOps.end()) {
    std::vector<std::string> names;
    for (const auto& [name, function] : kOps) names.emplace_back(name);
    throw JsonError("no op " + in_quotes(op) + "; there are " + join(names));
  }
  (this->*found->second)(call, request);
}

void LiveControl::block_runs(std::size_t block) {
  if (pauses_.with_any(Clock::now()) == Clock::duration{0}) return;
  const auto* const op = pauses_.is_paused(block) ? "pause" : "resume";
  orders_.give({{block, JsonObject{{"op", op}, {"paused_ns", 0}}}}, {});
}

void LiveControl::rewire(const Plan& next, const PlanMatch& match) {
  settings_.rewire(next, match);
  orders_.end_all();
  steps_.rewire(next);
  pauses_ = Pauses(next.blocks.size());
}

void LiveControl::status(const ControlCall& call, const JsonObject&) {
  const auto figures = run_.stats();
  std::uint64_t frames = 0;
  for (const auto& block : figures.blocks) frames += block.is_source ? block.frames : 0;
  const auto* const state = run_.stopping()   ? "stopping"
                            : !run_.running() ? "starting"
                            : pauses_.any()   ? "paused"
                                              : "running";
  server_->answer(call, {{"circuit", plan_.name},
                         {"pid", ::getpid()},
                         {"file", plan_.file.string()},
                         {"state", state},
                         {"running_ns", figures.running.count()},
                         {"blocks", plan_.blocks.size()},
                         {"names", names_of(all_blocks())},
                         {"frames", frames}});
}

void LiveControl::stats(const ControlCall& call, const JsonObject&) {
  server_->answer(call, {{"stats", parse_json(report_json(run_.stats()))}});
}

void LiveControl::get(const ControlCall& call, const JsonObject& request) {
  JsonArray settings;
  if (!request.contains("block")) {
    for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
      settings_.describe(block, settings);
    }
  } else {
    const auto block = settings_.block_named(text_of(request, "block"));
    if (request.contains("param")) {
      settings.push_back(settings_.describe(block, text_of(request, "param")));
    } else {
      settings_.describe(block, settings);
    }
  }
  server_->answer(call, {{"settings", std::move(settings)}});
}

void LiveControl::set(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto changes = settings_.changes_of(request);
  change(changes, [this, call, changes](const std::string& problem) {
    if (!problem.empty()) return server_->refuse(call, problem);
    JsonArray settings;
    for (const auto& change : changes) {
      for (const auto& [name, value] : change.settings) {
        settings.push_back(settings_.describe(change.block, name));
      }
    }
    server_->answer(call, {{"settings", std::move(settings)}});
  });
}

void LiveControl::change(const std::vector<LiveSettings::Change>& changes,
                         const std::function<void(const std::string&)>& on_outcome) {
  LiveOrders::Messages messages;
  for (const auto& change : changes) {
    JsonArray params;
    for (const auto& [name, value] : change.settings) {
      params.push_back(JsonObject{{"name", name}, {"value", to_json(value)}});
    }
    messages.emplace_back(change.block, JsonObject{{"op", "set"}, {"params", std::move(params)}});
  }
  const auto apply = [this, changes](std::size_t block) {
    settings_.apply(*std::ranges::find(changes, block, &LiveSettings::Change::block));
  };
  const auto tell = [this, on_outcome](const Outcome& outcome) {
    auto why = trouble(outcome, "takes the setting");
    for (const auto block : outcome.ended) {
      why += (why.empty() ? "" : "; ") + plan_.blocks[block].name + " ended meanwhile";
    }
    on_outcome(why);
  };
  orders_.give(std::move(messages), tell, apply);
}

void LiveControl::pause(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto blocks = blocks_of(request);
  LiveOrders::Messages messages;
  for (const auto block : blocks) {
    pauses_.pause(block, Clock::now());
    run_.start_paused(block, true);
    // Who does not run yet begins with standing still.
    if (runs(block)) messages.emplace_back(block, JsonObject{{"op", "pause"}});
  }
  orders_.give(std::move(messages), [=, this](const auto& outcome) {
    const auto why = trouble(outcome, "pauses");
    if (!why.empty()) return server_->refuse(call, why);
    server_->answer(call, {{"paused", names_of(blocks)}});
  });
}

void LiveControl::resume(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto blocks = blocks_of(request);
  const auto now = Clock::now();
  LiveOrders::Messages messages;
  for (const auto block : blocks) {
    const std::chrono::nanoseconds paused = pauses_.resume(block, now);
    run_.start_paused(block, false);
    if (!runs(block)) continue;
    messages.emplace_back(block, JsonObject{{"op", "resume"}, {"paused_ns", paused.count()}});
  }
  if (!pauses_.all()) {
    run_.hold_back_clock(pauses_.with_all(now) - std::exchange(held_back_, pauses_.with_all(now)));
  }
  orders_.give(std::move(messages), [=, this](const auto& outcome) {
    // Until they have heard it, they wait for nobody.
    pauses_.went_on(Clock::now());
    const auto why = trouble(outcome, "goes on");
    if (!why.empty()) return server_->refuse(call, why);
    server_->answer(call, {{"resumed", names_of(blocks)}});
  });
}

void LiveControl::step(const ControlCall& call, const JsonObject& request) {
  require_running();
  std::vector<LiveSteps::Wanted> wanted;
  for (const auto block : blocks_of(request)) {
    if (!pauses_.is_paused(block)) continue;
    if (runs(block) || request.contains("block")) wanted.push_back({block, may_get_frames(block)});
  }
  if (wanted.empty()) {
    throw JsonError(request.contains("block")
                        ? "block " + text_of(request, "block") + " is not paused; pause it first"
                        : "the circuit is not paused; pause it first");
  }
  steps_.begin(std::move(wanted), [=, this](const LiveSteps::Result& result) {
    const auto why = trouble({.busy = result.busy, .refusals = result.refusals}, "is done");
    if (!why.empty()) return server_->refuse(call, why);
    server_->answer(call,
                    {{"stepped", names_of(result.stepped)}, {"waiting", names_of(result.waiting)}});
  });
}

/// Does anybody run that its frames come from, over whatever blocks?
bool LiveControl::may_get_frames(std::size_t block) const {
  std::vector<std::size_t> before{block};
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (const auto& wire : plan_.wires) {
      const auto from = wire.from_block;
      if (wire.to_block != before[i] || std::ranges::count(before, from) != 0) continue;
      if (runs(from) && !pauses_.is_paused(from)) return true;
      before.push_back(from);
    }
  }
  return false;
}

void LiveControl::swap(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto block = settings_.block_named(text_of(request, "block"));
  std::filesystem::path plugin;
  if (request.contains("plugin")) {
    plugin = text_of(request, "plugin");
    if (!plugin.is_absolute()) throw JsonError("'plugin' must be an absolute path");
  }
  // By its name: the circuit may be another one when it is answered.
  run_.swap(block, plugin, [=, this, name = plan_.blocks[block].name](const std::string& problem) {
    if (!problem.empty()) return server_->refuse(call, name + " stays as it was: " + problem);
    const auto& now = plan_.blocks[settings_.block_named(name)];
    server_->answer(call, {{"block", name}, {"plugin", now.type.plugin.string()}});
  });
}

void LiveControl::reload(const ControlCall& call, const JsonObject&) {
  require_running();
  run_.reload([=, this](const ReloadOutcome& outcome) {
    if (!outcome.problems.empty()) return server_->refuse(call, join(outcome.problems, "; "));
    server_->answer(call,
                    {{"exchanged", JsonArray(outcome.exchanged.begin(), outcome.exchanged.end())},
                     {"set", JsonArray(outcome.set.begin(), outcome.set.end())}});
  });
}

void LiveControl::restart(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto block = settings_.block_named(text_of(request, "block"));
  // By its name: the circuit may be another one when it is answered.
  run_.restart(block, [=, this, name = plan_.blocks[block].name](const std::string& problem) {
    if (!problem.empty()) return server_->refuse(call, "block " + name + ": " + problem);
    server_->answer(call, {{"block", name}});
  });
}

void LiveControl::logs(const ControlCall& call, const JsonObject& request) {
  std::optional<std::string> block;
  if (request.contains("block")) {
    block = plan_.blocks[settings_.block_named(text_of(request, "block"))].name;
  }
  auto count = LiveLog::kMostLines;
  if (request.contains("last")) {
    const auto last = integer_of(request, "last");
    if (last < 0) throw JsonError("'last' must be a number of lines, not " + std::to_string(last));
    count = static_cast<std::size_t>(last);
  }
  const bool follow = request.contains("follow") && flag_of(request, "follow");
  const auto from = log_ == nullptr ? LiveLog::Cursor{} : log_->last(count, std::move(block));
  followers_.add(call, {.from = from, .follow = follow});
}

void LiveControl::log_level(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto block = settings_.block_named(text_of(request, "block"));
  const auto level = text_of(request, "level");
  if (!log_level_named(level)) {
    throw JsonError("no log level " + in_quotes(level) + "; there are debug, info, warning, error");
  }
  run_.set_log_level(block, level);
  // Who does not run yet begins with it.
  LiveOrders::Messages messages;
  if (runs(block)) messages.emplace_back(block, JsonObject{{"op", "log_level"}, {"level", level}});
  orders_.give(std::move(messages),
               [=, this, name = plan_.blocks[block].name](const auto& outcome) {
                 const auto why = trouble(outcome, "logs so");
                 if (!why.empty()) return server_->refuse(call, why);
                 server_->answer(call, {{"block", name}, {"level", level}});
               });
}

void LiveControl::save(const ControlCall& call, const JsonObject&) {
  const auto outcome = save_settings(plan_, settings_);
  JsonArray saved, left;
  for (const auto& setting : outcome.saved) {
    saved.push_back(
        JsonObject{{"block", setting.block}, {"param", setting.param}, {"text", setting.text}});
  }
  for (const auto& [setting, why] : outcome.left) {
    left.push_back(JsonObject{
        {"block", setting.block}, {"param", setting.param}, {"text", setting.text}, {"why", why}});
  }
  server_->answer(
      call,
      {{"file", plan_.file.string()}, {"saved", std::move(saved)}, {"left", std::move(left)}});
}

void LiveControl::stop(const ControlCall& call, const JsonObject&) {
  run_.stop_on_request();
  server_->answer(call, {});
}

void LiveControl::require_running() const {
  if (run_.stopping()) throw JsonError("circuit " + plan_.name + " is stopping");
  if (!run_.running()) throw JsonError("circuit " + plan_.name + " is still starting");
}

std::vector<std::size_t> LiveControl::blocks_of(const JsonObject& request) const {
  if (request.contains("block")) {
    const auto block = settings_.block_named(text_of(request, "block"));
    if (const auto phase = run_.phase(block);
        phase == WorkerPhase::finished || phase == WorkerPhase::gone) {
      throw JsonError(plan_.blocks[block].name + " does not run: it is " +
                      std::string(to_string(phase)));
    }
    return {block};
  }
  return all_blocks();
}

std::vector<std::size_t> LiveControl::all_blocks() const {
  std::vector<std::size_t> blocks(plan_.blocks.size());
  std::iota(blocks.begin(), blocks.end(), std::size_t{0});
  return blocks;
}

JsonArray LiveControl::names_of(const std::vector<std::size_t>& blocks) const {
  JsonArray names;
  for (const auto block : blocks) names.emplace_back(plan_.blocks[block].name);
  return names;
}

std::string LiveControl::trouble(const Outcome& outcome, std::string_view later) const {
  auto words = outcome.refusals;
  for (const auto block : outcome.busy) {
    words.push_back(plan_.blocks[block].name + " has been in process() for " +
                    std::to_string(kConfirmTime.count()) + " s and " + std::string(later) +
                    " when that ends");
  }
  for (const auto block : outcome.later) {
    words.push_back(plan_.blocks[block].name + " stands still in the middle of a frame and " +
                    std::string(later) + " when it has gone on with that");
  }
  return join(words, "; ");
}

}  // namespace vcengine
