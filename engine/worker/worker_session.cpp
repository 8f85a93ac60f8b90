#include "engine/worker/worker_session.hpp"

#include <poll.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <thread>

#include "block_access.hpp"
#include "engine/catalog/plugin_library.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/resources_json.hpp"
#include "engine/control/sync_json.hpp"
#include "engine/worker/apply_resources.hpp"
#include "engine/worker/debugger_wait.hpp"
#include "engine/worker/memory_limit.hpp"
#include "engine/worker/pausable_waiter.hpp"
#include "engine/worker/worker_loop.hpp"
#include "engine/worker/worker_wires.hpp"
#include "log_level.hpp"
#include "vcengine/log.hpp"

namespace vcengine {

namespace {

struct HostGone {};

/// The next message, which must be `op`: host and worker go through the set-up in step.
Message expect(const Channel& channel, std::string_view op) {
  auto message = channel.receive();
  if (!message) throw HostGone();
  const auto got = text_of(message->body, "op");
  if (got != op) throw ChannelError("expected '" + std::string(op) + "', got '" + got + "'");
  return std::move(*message);
}

/// In the order of lives: the block's code lies in the library, and the block may keep frames of
/// its wires.
struct LoadedBlock {
  std::unique_ptr<PluginLibrary> library;
  std::unique_ptr<WorkerWires> wires;
  std::unique_ptr<WorkerOrders> orders;
  std::unique_ptr<PausableWaiter> waiter;
  std::unique_ptr<WorkerRuntime> runtime;
  std::unique_ptr<Block> block;
  std::unique_ptr<detail::BlockRunner> runner;
  LoopOptions loop;
  CircuitClock clock;
  detail::RunnerOptions options;
};

void set_params(Block& block, const JsonArray& params) {
  for (const auto& entry : params) {
    const auto& setting = object_of(entry, "param");
    const auto name = text_of(setting, "name");
    for (auto* param : detail::BlockAccess::params(block)) {
      if (param->info().name == name) param->set(param_value_from_json(member(setting, "value")));
    }
  }
}

InputBase* find_input(Block& block, std::string_view name) {
  for (auto* port : detail::BlockAccess::inputs(block)) {
    if (port->info().name == name) return port;
  }
  for (auto* ports : detail::BlockAccess::many_inputs(block)) {
    for (std::size_t i = 0; i < ports->size(); ++i) {
      if (ports->port(i).info().name == name) return &ports->port(i);
    }
  }
  return nullptr;
}

/// The loader has many words for too little memory: what can be loaded once there is more could not
/// be for want of it.
std::unique_ptr<PluginLibrary> load_library(const std::string& file, MemoryLimit& memory) {
  try {
    return std::make_unique<PluginLibrary>(file);
  } catch (const PluginError&) {
    if (!memory.is_set()) throw;
    memory.lift();
    PluginLibrary second_try(file);
    throw std::bad_alloc();
  }
}

void load(const JsonObject& message, MemoryLimit& memory, LoadedBlock& loaded) {
  loaded.library = load_library(text_of(message, "plugin"), memory);
  detail::run_worker_hooks(static_cast<int>(integer_of(message, "threads")));
  loaded.block = loaded.library->construct(text_of(message, "type"));
  auto& block = *loaded.block;
  set_params(block, array_of(message, "params"));
  block.check();
  Setup setup(block);
  block.declare(setup);
  for (const auto& entry : array_of(message, "many")) {
    const auto& inputs = object_of(entry, "inputs");
    for (auto* ports : detail::BlockAccess::many_inputs(block)) {
      if (ports->info().name == text_of(inputs, "name")) {
        ports->resize(static_cast<std::size_t>(integer_of(inputs, "count")));
      }
    }
  }
  for (const auto& entry : array_of(message, "records")) {
    const auto& record = object_of(entry, "record");
    if (auto* port = find_input(block, text_of(record, "input"))) {
      port->set_record_fields(fields_from_json(record, "fields"));
    }
  }
  if (const auto* rate = message.if_contains("rate_hz"); rate != nullptr && rate->is_double()) {
    loaded.loop.rate_hz = rate->as_double();
  }
  loaded.loop.begins_anew = flag_of(message, "begins_anew");
  loaded.clock.kind = flag_of(message, "media_clock") ? ClockKind::media : ClockKind::wall;
  loaded.clock.speed = member(message, "speed").to_number<double>();
  loaded.options.offline = flag_of(message, "offline");
  loaded.options.admitted = flag_of(message, "admitted");
  loaded.options.retry = flag_of(message, "retry");
  loaded.options.sync = sync_from_json(member(message, "sync"));
  if (auto& wait = loaded.options.sync.wait; wait && loaded.clock.kind == ClockKind::media) {
    wait.reset();  // time stands still between two frames
  } else if (wait) {
    wait = loaded.clock.real(*wait);
  }
}

/// A capsule says which build it is of.
void compare_build(const JsonObject& message, const std::string& build_id) {
  const auto* expected = message.if_contains("build_id");
  if (expected == nullptr || !expected->is_string()) return;
  if (build_id.empty() || expected->get_string().empty()) {
    log_warning("the plugin has no build id: nobody can tell whether it is the build that died");
  } else if (build_id != std::string_view(expected->get_string())) {
    log_warning("the plugin is another build than the one that died");
  }
}

/// Ends the process when the host's end of the socket is gone. The block runs on the main thread
/// and may be anywhere.
void watch_host(const Channel& channel) {
  std::thread([&channel] {
    pollfd closed{.fd = channel.fd(), .events = 0, .revents = 0};
    while (::poll(&closed, 1, -1) < 1) {
      // Messages are for the block's thread, which reads them between two frames.
    }
    std::_Exit(1);
  }).detach();
}

std::string_view word_of(BlockEnd end) {
  switch (end) {
    case BlockEnd::to_begin_anew:
      return "begins_anew";
    case BlockEnd::left:
      return "left";
    case BlockEnd::for_good:
      break;
  }
  return "finished";
}

void serve(const Channel& channel, CrashSite& crash_site, MemoryLimit& memory,
           LoadedBlock& loaded) {
  channel.send(hello_message());
  const auto to_load = expect(channel, "load").body;
  apply_resources(resources_from_json(member(to_load, "resources")), memory);
  if (to_load.contains("log_level")) set_log_level(text_of(to_load, "log_level"));
  load(to_load, memory, loaded);
  auto& block = *loaded.block;
  const bool debugged = flag_of(to_load, "debug");
  if (debugged && !wait_for_debugger(channel, block)) throw HostGone();
  const auto build_id = loaded.library->build_id();
  compare_build(to_load, build_id);
  channel.send({{"op", "loaded"}, {"build_id", build_id}});

  loaded.wires = std::make_unique<WorkerWires>(block, crash_site);
  auto& wires = *loaded.wires;
  wires.map_own(expect(channel, "map_own"));
  channel.send({{"op", "mapped"}});
  wires.map_others(expect(channel, "map_others"));
  loaded.orders = std::make_unique<WorkerOrders>(channel, wires.host_line(), block);
  auto& orders = *loaded.orders;
  loaded.waiter = std::make_unique<PausableWaiter>(wires.waiter(), orders, wires.status());
  loaded.runner = wires.make_runner(*loaded.waiter, loaded.options);
  auto& runner = *loaded.runner;
  loaded.runtime = std::make_unique<WorkerRuntime>(channel, wires.host(), *loaded.waiter,
                                                   wires.status(), loaded.clock);
  auto& runtime = *loaded.runtime;
  runtime.set_source(runner.free_running());
  detail::BlockAccess::set_runtime(block, &runtime);
  channel.send({{"op", "wired"}});

  const auto start = expect(channel, "start").body;
  if (start.contains("params")) set_params(block, array_of(start, "params"));
  runtime.set_paced(flag_of(start, "paced"));
  if (flag_of(start, "held")) orders.hold();
  if (flag_of(start, "follows")) runner.follow_predecessor();
  if (runner.free_running()) {
    runner.limit_calls(static_cast<std::uint64_t>(integer_of(start, "frames")));
    if (const auto until = integer_of(start, "until"); until > 0) runner.limit_stamps(Stamp{until});
  }
  wires.waiter().set_spin(std::chrono::nanoseconds(integer_of(start, "spin")));
  runner.start();
  channel.send({{"op", "ready"}, {"window", runtime.window_open()}});

  // The kernel ends this process with the host all the same. gdb 13 sometimes stumbles over the end
  // of a process of several threads, and `info threads` is to show the block's own.
  const bool is_rerun = start.contains("rerun");
  if (!debugged && !is_rerun) watch_host(channel);
  auto end = BlockEnd::for_good;
  if (is_rerun) {
    rerun_block(runner, loaded.loop.rate_hz, memory);
  } else {
    end = run_block(block, runner, wires.waiter(), runtime, orders, loaded.loop, memory);
  }
  block.stop();
  loaded.runner.reset();
  loaded.block.reset();
  if (debugged) static_cast<void>(loaded.library.release());  // its breakpoints are still in use
  channel.send({{"op", word_of(end)}});
}

/// Why the block gives up.
std::string reason(const std::exception& error, const MemoryLimit& memory) {
  if (memory.caused(error)) return memory.message();
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return "out of memory";
  return error.what();
}

/// Serves the host to the block's end; gives what made the block give up, if something did.
std::optional<std::string> problem_of(const Channel& channel, CrashSite& crash_site) {
  MemoryLimit memory;
  LoadedBlock loaded;  // outlives what is caught, whose class may be the plugin's
  try {
    serve(channel, crash_site, memory, loaded);
    return std::nullopt;
  } catch (const HostGone&) {
    throw;
  } catch (const std::exception& error) {
    memory.lift();
    return reason(error, memory);
  } catch (...) {
    memory.lift();
    return "threw something that is no std::exception";
  }
}

}  // namespace

JsonObject hello_message() {
  return {{"op", "hello"},
          {"abi", kAbiVersion},
          {"layout_major", wire::kLayoutMajor},
          {"layout_minor", wire::kLayoutMinor}};
}

int serve_host(Channel channel, CrashSite& crash_site) {
  // Watched from a thread of its own until the process ends.
  static Channel host;
  host = std::move(channel);
  try {
    const auto problem = problem_of(host, crash_site);
    if (!problem) return EXIT_SUCCESS;
    host.send({{"op", "failed"}, {"text", *problem}});
  } catch (const HostGone&) {
  }
  return EXIT_FAILURE;
}

}  // namespace vcengine
