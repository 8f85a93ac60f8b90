#include "engine/run/set_up.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/control/cores.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/resources_json.hpp"
#include "engine/control/sync_json.hpp"
#include "engine/run/core_share.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {

using namespace std::chrono_literals;
using Phase = WorkerPhase;

namespace {

constexpr auto kSpin = 20us;

void check_hello(const JsonObject& message) {
  const auto abi = integer_of(message, "abi");
  const auto layout = integer_of(message, "layout_major");
  if (abi != kAbiVersion || layout != wire::kLayoutMajor) {
    throw ChannelError("the worker program is of another version (ABI " + std::to_string(abi) +
                       ", layout " + std::to_string(layout) + "; this host has " +
                       std::to_string(kAbiVersion) + " and " + std::to_string(wire::kLayoutMajor) +
                       "): install both together");
  }
}

JsonArray params_json(const SetUp::Params& params) {
  JsonArray json;
  for (const auto& [name, value] : params) {
    json.push_back(JsonObject{{"name", name}, {"value", to_json(value)}});
  }
  return json;
}

}  // namespace

// A worker that is gone is noticed by its pidfd; one that does not read what it is sent hangs, and
// is noticed by its timeout: nothing here looks at what send() returns.

void SetUp::load(const Plan& plan, std::size_t block, const Worker& worker, const JsonObject& hello,
                 const Params& params, bool debug) const {
  check_hello(hello);
  auto message = load_message(plan, block, params);
  message["retry"] = worker.retries || worker.restarts.may_retry();
  message["debug"] = debug;
  if (!worker.log_level.empty()) message["log_level"] = worker.log_level;
  worker.process.control.send(message);
}

JsonObject SetUp::load_message(const Plan& plan, std::size_t block, const Params& params) const {
  const auto& planned = plan.blocks[block];
  JsonArray many, records;
  for (const auto& port : planned.type.info.ports) {
    if (!port.many) continue;
    const auto leads_here = [&](const PlannedWire& wire) {
      return wire.to_block == block && wire.to_port.starts_with(port.name + "[");
    };
    many.push_back(
        JsonObject{{"name", port.name}, {"count", std::ranges::count_if(plan.wires, leads_here)}});
  }
  for (const auto& wire : plan.wires) {
    const auto& fields = plan.outputs[wire.from_output].record_fields;
    if (wire.to_block != block || fields.empty()) continue;
    records.push_back(JsonObject{{"input", wire.to_port}, {"fields", to_json(fields)}});
  }
  JsonObject message{{"op", "load"},
                     {"plugin", planned.type.plugin.string()},
                     {"type", planned.type.info.type},
                     {"threads", planned.threads},
                     {"resources", to_json(planned.resources)},
                     {"params", params_json(params)},
                     {"many", std::move(many)},
                     {"records", std::move(records)},
                     {"sync", to_json(planned.sync)},
                     {"offline", plan.offline},
                     {"admitted", plan.is_admitted(block)},
                     {"begins_anew", planned.supervision.restart == RestartWhen::always},
                     {"media_clock", plan.clock == ClockKind::media},
                     {"speed", options_.speed}};
  if (planned.rate_hz) message["rate_hz"] = *planned.rate_hz;
  return message;
}

bool SetUp::all_in(Phase phase) const {
  return std::ranges::all_of(workers_, [&](const Worker& worker) { return worker.phase == phase; });
}

void SetUp::send_own_pages(std::size_t block) {
  const auto pages = wiring_.own_pages(block);
  workers_[block].enter(Phase::mapping_own);
  workers_[block].process.control.send(pages.message, pages.descriptors);
}

void SetUp::send_other_pages(std::size_t block) {
  const auto pages = wiring_.other_pages(block);
  workers_[block].enter(Phase::mapping_others);
  workers_[block].process.control.send(pages.message, pages.descriptors);
}

bool SetUp::step() {
  if (all_in(Phase::loaded)) {
    for (std::size_t block = 0; block < workers_.size(); ++block) send_own_pages(block);
  } else if (all_in(Phase::mapped)) {
    for (std::size_t block = 0; block < workers_.size(); ++block) send_other_pages(block);
  } else if (all_in(Phase::wired)) {
    start_blocks(false);
  } else if (all_in(Phase::ready)) {
    return true;
  } else {
    const auto settled = [](const Worker& worker) {
      return worker.phase == Phase::ready || worker.phase == Phase::wired;
    };
    if (std::ranges::all_of(workers_, settled)) start_blocks(true);
  }
  return false;
}

void SetUp::step_of(std::size_t block, const Params& params) {
  switch (workers_[block].phase) {
    case Phase::loaded:
      return send_own_pages(block);
    case Phase::mapped:
      wiring_.successor_comes(block);
      return send_other_pages(block);
    case Phase::wired:
      return send_start(block, &params);
    default:
      wiring_.successor_runs(block);
      return workers_[block].enter(Phase::running);
  }
}

void SetUp::send_start(std::size_t block, const Params* params) {
  const bool paced =
      options_.pacing == Pacing::paced || (options_.pacing == Pacing::automatic && window_open_);
  workers_[block].enter(Phase::starting);
  JsonObject message{{"op", "start"},
                     {"paced", paced},
                     {"held", workers_[block].paused},
                     {"follows", workers_[block].follows},
                     {"frames", options_.frames},
                     {"until", ends_by_stamp() ? options_.run_for->count() : 0},
                     {"spin", spin(block).count()}};
  if (params != nullptr) message["params"] = params_json(*params);
  workers_[block].process.control.send(message);
}

/// Those that take frames first: a device that cannot be opened is found before a source makes
/// anything, and an open window decides about the pace.
void SetUp::start_blocks(bool sources) {
  bool anybody = false;
  for (std::size_t block = 0; block < workers_.size(); ++block) {
    if (workers_[block].phase != Phase::wired || plan_.blocks[block].is_source != sources) continue;
    send_start(block);
    anybody = true;
  }
  if (!anybody && !sources) start_blocks(true);
}

std::chrono::nanoseconds SetUp::spin(std::size_t block) const {
  if (options_.spin) return *options_.spin;
  return has_cores_to_spare(plan_, block, usable_cores()) ? kSpin : std::chrono::nanoseconds(0);
}

}  // namespace vcengine
