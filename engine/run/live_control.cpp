#include "engine/run/live_control.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/circuit/diagnostic.hpp"
#include "engine/control/control_protocol.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/nearest_word.hpp"
#include "engine/control/report_json.hpp"

namespace vcengine {

using Patience = LiveOrders::Patience;

LiveControl::LiveControl(const Plan& plan, ControlledRun& run)
    : plan_(plan), run_(run), settings_(plan), orders_(plan, run), paused_(plan.blocks.size()) {}

void LiveControl::watch(PollSet& events) {
  if (server_ == nullptr) return;
  for (const auto& wanted : server_->wanted()) {
    events.watch(wanted.fd, wanted.events,
                 [this, client = wanted.client] { server_->ready(client); });
  }
}

void LiveControl::serve() {
  if (server_ != nullptr) server_->serve(*this);
}

LiveControl::Clock::time_point LiveControl::due() const {
  return server_ != nullptr ? std::min(server_->due(), orders_.due()) : Clock::time_point::max();
}

void LiveControl::handle(const ControlCall& call, const JsonObject& request) {
  using Function = void (LiveControl::*)(const ControlCall&, const JsonObject&);
  static constexpr std::array<std::pair<std::string_view, Function>, 8> kOps = {{
      {"status", &LiveControl::status},
      {"stats", &LiveControl::stats},
      {"get", &LiveControl::get},
      {"set", &LiveControl::set},
      {"pause", &LiveControl::pause},
      {"resume", &LiveControl::resume},
      {"step", &LiveControl::step},
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

bool LiveControl::anybody_paused() const {
  return std::ranges::find(paused_, true) != paused_.end();
}

void LiveControl::status(const ControlCall& call, const JsonObject&) {
  const auto figures = run_.stats();
  std::uint64_t frames = 0;
  for (const auto& block : figures.blocks) frames += block.is_source ? block.frames : 0;
  const auto* const state = run_.stopping()    ? "stopping"
                            : !run_.running()  ? "starting"
                            : anybody_paused() ? "paused"
                                               : "running";
  server_->answer(call, {{"circuit", plan_.name},
                         {"pid", ::getpid()},
                         {"file", plan_.file.string()},
                         {"state", state},
                         {"running_ns", figures.running.count()},
                         {"blocks", plan_.blocks.size()},
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
  std::vector<std::pair<std::size_t, JsonObject>> messages;
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
  const auto tell = [this, call, changes](const Outcome& outcome) {
    if (const auto why = trouble(outcome, "takes the setting"); !why.empty()) {
      return server_->refuse(call, why);
    }
    JsonArray settings;
    for (const auto& change : changes) {
      for (const auto& [name, value] : change.settings) {
        settings.push_back(settings_.describe(change.block, name));
      }
    }
    server_->answer(call, {{"settings", std::move(settings)}});
  };
  orders_.give(std::move(messages), Patience::for_all, tell, apply);
}

void LiveControl::pause(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto blocks = blocks_of(request);
  std::vector<std::pair<std::size_t, JsonObject>> messages;
  for (const auto block : blocks) {
    paused_[block] = true;
    messages.emplace_back(block, JsonObject{{"op", "pause"}});
  }
  if (!request.contains("block") && !paused_since_) paused_since_ = Clock::now();
  orders_.give(std::move(messages), Patience::not_for_full_wires, [=, this](const auto& outcome) {
    const auto why = trouble(outcome, "pauses");
    if (!why.empty()) return server_->refuse(call, why);
    server_->answer(call, {{"paused", names_of(blocks)}});
  });
}

void LiveControl::resume(const ControlCall& call, const JsonObject& request) {
  require_running();
  const auto blocks = blocks_of(request);
  // Of one block alone the clock did not stand still.
  std::chrono::nanoseconds paused{0};
  if (!request.contains("block") && paused_since_) {
    paused = Clock::now() - *std::exchange(paused_since_, std::nullopt);
  }
  run_.hold_back_clock(paused);
  std::vector<std::pair<std::size_t, JsonObject>> messages;
  for (const auto block : blocks) {
    paused_[block] = false;
    messages.emplace_back(block, JsonObject{{"op", "resume"}, {"paused_ns", paused.count()}});
  }
  orders_.give(std::move(messages), Patience::not_for_full_wires, [=, this](const auto& outcome) {
    const auto why = trouble(outcome, "goes on");
    if (!why.empty()) return server_->refuse(call, why);
    server_->answer(call, {{"resumed", names_of(blocks)}});
  });
}

void LiveControl::step(const ControlCall& call, const JsonObject& request) {
  require_running();
  auto blocks = blocks_of(request);
  std::erase_if(blocks, [&](std::size_t block) { return !paused_[block]; });
  if (blocks.empty()) {
    throw JsonError(request.contains("block")
                        ? "block " + text_of(request, "block") + " is not paused; pause it first"
                        : "the circuit is not paused; pause it first");
  }
  std::vector<std::pair<std::size_t, JsonObject>> messages;
  for (const auto block : blocks) messages.emplace_back(block, JsonObject{{"op", "step"}});
  orders_.give(
      std::move(messages), Patience::not_for_missing_frames, [=, this](const auto& outcome) {
        const auto why = trouble(outcome, "is done");
        if (!why.empty()) return server_->refuse(call, why);
        server_->answer(
            call, {{"stepped", names_of(outcome.done)}, {"waiting", names_of(outcome.waiting)}});
      });
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
  if (request.contains("block")) return {settings_.block_named(text_of(request, "block"))};
  std::vector<std::size_t> blocks;
  for (std::size_t block = 0; block < plan_.blocks.size(); ++block) {
    if (run_.phase(block) == WorkerPhase::running) blocks.push_back(block);
  }
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
  return join(words, "; ");
}

}  // namespace vcengine
