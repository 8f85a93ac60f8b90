#include "engine/run/crash_capsules.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/version.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {

namespace {

std::optional<CapsuleFolder> folder_of(const RunOptions& options) {
  if (options.capsules.empty()) return std::nullopt;
  return CapsuleFolder(options.capsules);
}

/// Where people know the plugin: a build that was replaced is loaded by a descriptor of this
/// process (PluginBuild).
std::string file_of(const std::filesystem::path& plugin) {
  constexpr std::string_view kGone = " (deleted)";
  if (!plugin.native().starts_with("/proc/")) return plugin.string();
  std::error_code error;
  auto file = std::filesystem::read_symlink(plugin, error).string();
  if (error) return plugin.string();
  if (file.ends_with(kGone)) file.resize(file.size() - kGone.size());
  return file;
}

}  // namespace

CrashCapsules::CrashCapsules(const Plan& plan, const RunOptions& options, Wiring& wiring,
                             const SetUp& set_up, const std::vector<Worker>& workers)
    : plan_(plan),
      wiring_(wiring),
      set_up_(set_up),
      workers_(workers),
      recorder_(folder_of(options), CapsuleLimits{.wait = options.capsule_wait}) {}

void CrashCapsules::died(std::size_t block, const SetUp::Params& settings, std::string how,
                         std::string text, std::shared_future<CrashInfo> crash) {
  const auto frame = wiring_.status(block).trigger.load(std::memory_order_relaxed);
  // What a page says of a process() before it runs is its predecessor's.
  if (frame == 0 || workers_[block].phase != WorkerPhase::running) return;
  const auto now = Clock::now();
  const auto& planned = plan_.blocks[block];
  Capsule capsule;
  capsule.made_by = std::string("vcengine ") + kVersion;
  capsule.abi = kAbiVersion;
  capsule.circuit = plan_.name;
  capsule.block = planned.name;
  capsule.type = planned.type.info.type;
  capsule.plugin = file_of(planned.type.plugin);
  capsule.build_id = workers_[block].build_id;
  capsule.death = {.how = std::move(how), .frame = frame, .text = std::move(text), .backtrace = {}};
  capsule.log = workers_[block].recent.all();
  capsule.load = set_up_.load_message(plan_, block, settings);
  capsule.load["plugin"] = capsule.plugin;
  capsule.env = planned.resources.env;
  capsule.timeout = planned.supervision.timeout;
  capsule.running = wiring_.running(now);
  end_keeping();
  if (recorder_.begin(std::move(capsule), wiring_.scene(block), std::move(crash), now)) {
    wiring_.keep_holds(block, true);
    keeper_ = block;
  }
}

/// A Latest does so with its newest frame.
bool CrashCapsules::takes_again(std::size_t block) const {
  const auto& worker = workers_[block];
  return worker.retries || worker.restarts.may_retry() ||
         std::ranges::any_of(wiring_.scene(block).inputs, &Scene::Input::latest);
}

bool CrashCapsules::hold_up(std::size_t block) {
  if (keeper_ == block && !takes_again(block)) return false;
  return recorder_.hold_up(plan_.blocks[block].name, Clock::now());
}

void CrashCapsules::before_it_is_gone(std::size_t block) {
  if (recorder_.hold_up(plan_.blocks[block].name, Clock::now())) recorder_.finish_copying();
}

void CrashCapsules::before_wires_go() {
  recorder_.finish_copying();
  end_keeping();
}

void CrashCapsules::look(Clock::time_point now) {
  recorder_.look(now);
  end_keeping();
}

std::vector<std::string> CrashCapsules::take_notes() {
  end_keeping();
  return recorder_.take_notes();
}

void CrashCapsules::end_keeping() {
  if (!keeper_ || recorder_.is_copying()) return;
  wiring_.keep_holds(*keeper_, false);
  keeper_.reset();
}

}  // namespace vcengine
