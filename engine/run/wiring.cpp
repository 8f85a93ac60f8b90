#include "engine/run/wiring.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "engine/run/page_stats.hpp"
#include "wire/futex.hpp"
#include "wire/work_time.hpp"

namespace vcengine {

namespace {

constexpr std::uint32_t kHolds = 4;

/// Of a reader that sends frames on: as many again, for what a predecessor held when it died stays
/// held while anybody may read what it sent on.
std::uint32_t holds_of(const PlannedWire& wire) {
  return wire.forwarded == 0 ? kHolds : 2 * kHolds + wire.forwarded;
}

/// Frames by which a wire that waits may grow. Only address space is spent on them beforehand.
constexpr std::uint32_t kSpare = 30;

/// Places in the host's page, for a circuit that is edited while it runs.
std::uint32_t with_spare(std::size_t count) { return static_cast<std::uint32_t>(2 * count + 64); }

wire::Policy policy_of(const PlannedWire& wire) {
  if (wire.policy == WirePolicy::drop_oldest) return wire::Policy::drop_oldest;
  return wire.drops_when_stalled() ? wire::Policy::wait_while_open : wire::Policy::wait;
}

}  // namespace

Wiring::Wiring(const Plan& plan, bool eventfds)
    : plan_(plan), eventfds_(eventfds), pools_(plan.outputs.size()), blocks_(plan.blocks.size()) {
  const auto lines = with_spare(plan.wires.size() + plan.outputs.size() * kObservers);
  const auto workers = with_spare(plan.blocks.size());
  readers_.resize(lines);
  host_bytes_.fd = wire::create_segment("vcengine:host", wire::host_page_size(lines, workers));
  host_bytes_.mapping = wire::Mapping(host_bytes_.fd.get(), wire::Access::read_write);
  wire::init_host_page(host_bytes_.mapping.bytes(), lines, workers);
  host_ = &wire::host_page(host_bytes_.mapping.bytes());

  lines_.resize(plan.wires.size());
  make_pools({}, {});
  for (std::size_t block = 0; block < plan.blocks.size(); ++block) {
    worker_lines_.push_back(static_cast<std::uint32_t>(block));
    make_status_page(blocks_[block]);
  }
}

void Wiring::make_status_page(BlockPages& block) const {
  block.status_bytes.fd = wire::create_segment("vcengine:status", sizeof(wire::StatusPage));
  wire::init_status_page(
      wire::Mapping(block.status_bytes.fd.get(), wire::Access::read_write).bytes());
  block.status_bytes.mapping = wire::Mapping(block.status_bytes.fd.get(), wire::Access::read_only);
  block.status = &wire::status_page(block.status_bytes.mapping.bytes());
  block.watch = std::make_unique<StatusPageWatch>(*block.status);
  if (eventfds_) {
    block.eventfd = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!block.eventfd) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
}

/// Those that the plan has and that are not there; each goes on where the one before it ended.
void Wiring::make_pools(const Plan& before, const std::vector<Pool>& pools_before) {
  for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
    blocks_[plan_.wires[wire].to_block].inputs.push_back(wire);
  }
  for (std::size_t output = 0; output < plan_.outputs.size(); ++output) {
    const auto& planned = plan_.outputs[output];
    blocks_[planned.block].outputs.push_back(output);
    if (pools_[output].page != nullptr) continue;
    const auto found = std::ranges::find_if(before.outputs, [&](const PlannedOutput& one) {
      return before.blocks[one.block].name == plan_.blocks[planned.block].name &&
             one.port == planned.port;
    });
    make_pool(output,
              found == before.outputs.end()
                  ? nullptr
                  : pools_before[static_cast<std::size_t>(found - before.outputs.begin())].page);
  }
}

void Wiring::make_pool(std::size_t output, const wire::WriterPage* before) {
  const auto& planned = plan_.outputs[output];
  auto& pool = pools_[output];
  wire::PoolConfig config;
  if (before != nullptr) {
    config.pool = before->header.pool;
    config.succeed(*before);
  } else {
    config.pool = next_pool_++;
  }
  config.readers = static_cast<std::uint32_t>(planned.wires.size());
  config.holds = kHolds;
  config.observers = kObservers;
  config.capacity = planned.capacity;
  config.spare = kSpare;
  if (group_of(planned.block) != nullptr) config.loans = wire::kAdmittedLoans;
  for (const auto wire : planned.wires) {
    config.depth = std::max(config.depth, plan_.wires[wire].depth);
    config.more_holds += holds_of(plan_.wires[wire]) - kHolds;
    config.most_holds = std::max(config.most_holds, holds_of(plan_.wires[wire]));
  }

  pool.slots = config.slots();
  pool.stride = config.stride();
  pool.ring_size = config.ring_size();
  pool.control.fd = wire::create_segment(
      "vcengine:ring", wire::writer_page_size(config.ring_size(), config.slots()));
  wire::init_writer_page(wire::Mapping(pool.control.fd.get(), wire::Access::read_write).bytes(),
                         config);
  pool.control.mapping = wire::Mapping(pool.control.fd.get(), wire::Access::read_only);
  pool.page = &wire::writer_page(pool.control.mapping.bytes());
  pool.watch = std::make_unique<WriterPageWatch>(*pool.page);
  pool.payload = wire::create_segment("vcengine:frames", config.slots() * config.stride());

  const auto add_reader = [&](wire::Policy policy, std::uint32_t depth, std::uint32_t holds) {
    const auto line = free_line();
    auto& reader = readers_[line];
    reader.page_bytes.fd = wire::create_segment("vcengine:reader", sizeof(wire::ReaderPage));
    wire::init_reader_page(
        wire::Mapping(reader.page_bytes.fd.get(), wire::Access::read_write).bytes(),
        {.wire = line, .policy = policy, .depth = depth, .holds = holds, .join = config.first});
    reader.page_bytes.mapping = wire::Mapping(reader.page_bytes.fd.get(), wire::Access::read_only);
    reader.page = &wire::reader_page(reader.page_bytes.mapping.bytes());
    pool.readers.push_back(line);
    auto& host_line = host_->wire()[line];
    host_line.deeper.store(0, std::memory_order_relaxed);
    host_line.writer_gone.store(0, std::memory_order_relaxed);
    return line;
  };
  for (const auto wire : planned.wires) {
    lines_[wire] = add_reader(policy_of(plan_.wires[wire]), plan_.wires[wire].depth,
                              holds_of(plan_.wires[wire]));
    reader(wire).watch = std::make_unique<ReaderPageWatch>(*reader(wire).page, *pool.page);
  }
  for (std::uint32_t k = 0; k < kObservers; ++k) {
    add_reader(wire::Policy::drop_oldest, 1, kHolds);
  }
}

std::uint32_t Wiring::free_line() const {
  const auto free = std::ranges::find(readers_, nullptr, &Reader::page);
  if (free == readers_.end()) throw std::length_error("the circuit has too many wires");
  return static_cast<std::uint32_t>(free - readers_.begin());
}

bool Wiring::has_room_for(const Plan& next) const {
  // As if nothing could be kept.
  const auto used = static_cast<std::size_t>(
      std::ranges::count_if(readers_, [](const Reader& one) { return one.page != nullptr; }));
  return used + next.wires.size() + next.outputs.size() * kObservers <= readers_.size() &&
         worker_lines_.size() + next.blocks.size() <= host_->header.workers;
}

void Wiring::adopt(const Plan& before, const PlanMatch& match) {
  auto pools = std::exchange(pools_, std::vector<Pool>(plan_.outputs.size()));
  auto blocks = std::exchange(blocks_, std::vector<BlockPages>(plan_.blocks.size()));
  const auto lines = std::exchange(lines_, std::vector<std::uint32_t>(plan_.wires.size()));
  const auto workers = std::exchange(worker_lines_, {});
  for (std::size_t wire = 0; wire < lines_.size(); ++wire) {
    if (match.wires[wire]) lines_[wire] = lines[*match.wires[wire]];
  }
  for (std::size_t output = 0; output < pools_.size(); ++output) {
    if (match.outputs[output]) std::swap(pools_[output], pools[*match.outputs[output]]);
  }
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    if (match.blocks[block]) {
      blocks_[block] = std::move(blocks[*match.blocks[block]]);
      blocks_[block].inputs.clear();
      blocks_[block].outputs.clear();
      worker_lines_.push_back(workers[*match.blocks[block]]);
    } else {
      make_status_page(blocks_[block]);
      blocks_[block].down = true;  // until its process comes
      worker_lines_.push_back(free_worker_line(workers));
    }
  }
  // New pages come before old ones go: a line is not used for both at once.
  make_pools(before, pools);
  for (const auto& pool : pools) {
    for (const auto line : pool.readers) {
      host_->wire()[line].alive.store(0, std::memory_order_seq_cst);
      readers_[line] = {};
    }
  }
  for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
    if (!match.wires[wire]) open(wire);
  }
  ring();
}

/// A line that no worker had, so that none takes another's orders for its own.
std::uint32_t Wiring::free_worker_line(const std::vector<std::uint32_t>& before) const {
  for (std::uint32_t line = 0;; ++line) {
    if (std::ranges::count(before, line) == 0 && std::ranges::count(worker_lines_, line) == 0) {
      return line;
    }
  }
}

/// Of a circuit that runs. Who is gone has ended, or takes nothing.
void Wiring::open(std::size_t wire) {
  const auto& planned = plan_.wires[wire];
  auto& line = host_->wire()[lines_[wire]];
  if (blocks_[planned.from_block].gone) {
    for (const auto reader : pools_[planned.from_output].readers) {
      host_->wire()[reader].writer_gone.store(1, std::memory_order_seq_cst);
    }
  }
  const bool taken = !blocks_[planned.to_block].gone;
  set_gate(wire, taken ? wire::Gate::open : wire::Gate::closed);
  line.alive.store(taken ? 1 : 0, std::memory_order_seq_cst);
}

Wiring::Handover Wiring::own_pages(std::size_t block) const {
  const auto& pages = blocks_[block];
  Handover handover;
  JsonArray inputs, outputs;
  handover.descriptors.push_back(pages.status_bytes.fd.get());
  for (const auto output : pages.outputs) {
    const auto& planned = plan_.outputs[output];
    JsonArray origins;
    for (const auto origin : planned.origins) origins.emplace_back(origin_of(origin));
    outputs.emplace_back(JsonObject{{"port", planned.port},
                                    {"tells_bound", planned.tells_bound},
                                    {"origins", std::move(origins)},
                                    {"forwarded", planned.forwarded}});
    handover.descriptors.push_back(pools_[output].control.fd.get());
    handover.descriptors.push_back(pools_[output].payload.get());
  }
  for (const auto wire : pages.inputs) {
    inputs.emplace_back(
        JsonObject{{"port", plan_.wires[wire].to_port}, {"feedback", plan_.wires[wire].feedback}});
    handover.descriptors.push_back(reader(wire).page_bytes.fd.get());
  }
  handover.message = {{"op", "map_own"}, {"outputs", outputs}, {"inputs", inputs}};
  return handover;
}

void Wiring::add_read_only(Handover& handover, const FileDescriptor& fd) {
  handover.opened.push_back(wire::read_only_descriptor(fd.get()));
  handover.descriptors.push_back(handover.opened.back().get());
}

Wiring::Handover Wiring::other_pages(std::size_t block) const {
  const auto& pages = blocks_[block];
  Handover handover;
  auto& descriptors = handover.descriptors;
  JsonArray inputs, outputs;
  add_read_only(handover, host_bytes_.fd);
  if (eventfds_) descriptors.push_back(pages.eventfd.get());
  for (const auto output : pages.outputs) {
    JsonArray lines;
    const auto& wires = plan_.outputs[output].wires;
    for (std::size_t i = 0; i < pools_[output].readers.size(); ++i) {
      const auto line = pools_[output].readers[i];
      lines.emplace_back(line);
      add_read_only(handover, readers_[line].page_bytes.fd);
      if (!eventfds_) continue;
      // Observers, behind the wires, poll; the first descriptor that serves is the worker's own.
      descriptors.push_back(i < wires.size() ? blocks_[plan_.wires[wires[i]].to_block].eventfd.get()
                                             : pages.eventfd.get());
    }
    outputs.emplace_back(std::move(lines));
  }
  for (const auto wire : pages.inputs) {
    const auto& pool = pools_[plan_.wires[wire].from_output];
    add_read_only(handover, pool.control.fd);
    add_read_only(handover, pool.payload);
    JsonArray origins;
    for (const auto origin : plan_.outputs[plan_.wires[wire].from_output].origins) {
      origins.emplace_back(JsonObject{{"origin", origin_of(origin)},
                                      {"slots", pools_[origin].slots},
                                      {"stride", pools_[origin].stride}});
      add_read_only(handover, pools_[origin].payload);
    }
    inputs.emplace_back(JsonObject{{"line", lines_[wire]}, {"origins", std::move(origins)}});
    if (eventfds_) descriptors.push_back(blocks_[plan_.wires[wire].from_block].eventfd.get());
  }
  JsonArray admits;
  if (const auto* group = group_of(block)) {
    for (const auto& member : group->members) {
      admits.emplace_back(JsonObject{{"after", JsonArray(member.after.begin(), member.after.end())},
                                     {"joins", member.joins}});
      add_read_only(handover, blocks_[member.block].status_bytes.fd);
    }
  }
  handover.message = {{"op", "map_others"},    {"outputs", outputs},
                      {"inputs", inputs},      {"worker", worker_lines_[block]},
                      {"eventfds", eventfds_}, {"admits", admits}};
  return handover;
}

std::uint64_t Wiring::origin_of(std::size_t output) const {
  const auto& header = pools_[output].page->header;
  return wire::origin_of(header.pool, header.generation);
}

const AdmissionGroup* Wiring::group_of(std::size_t source) const {
  const auto found = std::ranges::find(plan_.groups, source, &AdmissionGroup::source);
  return found == plan_.groups.end() ? nullptr : &*found;
}

void Wiring::run(std::chrono::steady_clock::time_point origin) {
  for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
    set_gate(wire, wire::Gate::open);
    host_->wire()[lines_[wire]].alive.store(1, std::memory_order_seq_cst);
  }
  host_->origin.store(static_cast<std::uint64_t>(origin.time_since_epoch().count()),
                      std::memory_order_release);
  set_run_state(wire::RunState::run);
}

void Wiring::set_gate(std::size_t wire, wire::Gate gate) {
  host_->wire()[lines_[wire]].gate.store(static_cast<std::uint32_t>(gate),
                                         std::memory_order_seq_cst);
}

void Wiring::set_run_state(wire::RunState state) {
  host_->run_state.store(static_cast<std::uint32_t>(state), std::memory_order_seq_cst);
  ring();
}

wire::RunState Wiring::run_state() const noexcept {
  return static_cast<wire::RunState>(host_->run_state.load(std::memory_order_relaxed));
}

void Wiring::ring() {
  host_->bell.store(host_->bell.load(std::memory_order_relaxed) + 1, std::memory_order_seq_cst);
  if (!eventfds_) {
    wire::futex_wake(host_->bell);
    return;
  }
  std::vector<int> all;
  for (const auto& block : blocks_) all.push_back(block.eventfd.get());
  wire::EventfdDoorbell(std::move(all)).ring(host_->bell);
}

void Wiring::count_order(std::size_t block) {
  auto& orders = host_->worker()[worker_lines_[block]].orders;
  orders.store(orders.load(std::memory_order_relaxed) + 1, std::memory_order_seq_cst);
}

void Wiring::keep_holds(std::size_t block, bool keep) {
  host_->worker()[worker_lines_[block]].keep_holds.store(keep ? 1 : 0, std::memory_order_release);
}

void Wiring::hold_back_clock(std::chrono::nanoseconds time) {
  const auto origin = host_->origin.load(std::memory_order_relaxed);
  host_->origin.store(origin + static_cast<std::uint64_t>(time.count()), std::memory_order_release);
}

void Wiring::reader_finished(std::size_t block) {
  for (const auto wire : blocks_[block].inputs) {
    set_gate(wire, wire::Gate::closed);
  }
  ring();
}

void Wiring::worker_died(std::size_t block) {
  blocks_[block].down = true;
  ring();
}

void Wiring::successor_comes(std::size_t block) {
  // It may take the newest value of a Latest once more.
  for (const auto wire : blocks_[block].inputs) reader(wire).watch->begin_again();
}

void Wiring::successor_runs(std::size_t block) { blocks_[block].down = false; }

void Wiring::worker_gone(std::size_t block) {
  blocks_[block].gone = true;
  for (const auto wire : blocks_[block].inputs) set_gate(wire, wire::Gate::closed);
  for (const auto output : blocks_[block].outputs) {
    for (const auto line : pools_[output].readers) {
      host_->wire()[line].writer_gone.store(1, std::memory_order_seq_cst);
    }
  }
  give_back_holds();
  ring();
}

void Wiring::give_back_holds() {
  const auto is_read = [&](std::size_t output) {
    return !plan_.outputs[output].origins.empty() &&
           std::ranges::any_of(pools_[output].readers, [&](std::uint32_t line) {
             return host_->wire()[line].alive.load(std::memory_order_relaxed) != 0;
           });
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& block : blocks_) {
      if (!block.gone || std::ranges::any_of(block.outputs, is_read)) continue;
      for (const auto wire : block.inputs) {
        auto& alive = host_->wire()[lines_[wire]].alive;
        if (alive.load(std::memory_order_relaxed) == 0) continue;
        alive.store(0, std::memory_order_seq_cst);
        changed = true;
      }
    }
  }
}

Scene::Memory Wiring::memory_of(std::size_t output) const {
  const auto& pool = pools_[output];
  return {.file = pool.payload.get(),
          .origin = origin_of(output),
          .slots = pool.slots,
          .stride = pool.stride};
}

Scene Wiring::scene(std::size_t block) const {
  const auto& pages = blocks_[block];
  Scene scene;
  scene.status = pages.status_bytes.mapping.bytes();
  for (const auto wire : pages.inputs) {
    const auto& planned = plan_.wires[wire];
    auto& input = scene.inputs.emplace_back();
    input.port = planned.to_port;
    input.latest = planned.latest;
    input.feedback = planned.feedback;
    input.ring = pools_[planned.from_output].control.mapping.bytes();
    input.reader = reader(wire).page_bytes.mapping.bytes();
    input.pool = memory_of(planned.from_output);
    for (const auto origin : plan_.outputs[planned.from_output].origins) {
      input.origins.push_back(memory_of(origin));
    }
  }
  for (const auto output : pages.outputs) {
    const auto& planned = plan_.outputs[output];
    auto& published = scene.outputs.emplace_back();
    published.port = planned.port;
    published.tells_bound = planned.tells_bound;
    published.forwarded = planned.forwarded;
    published.ring = pools_[output].control.mapping.bytes();
    for (const auto origin : planned.origins) published.origins.push_back(origin_of(origin));
  }
  return scene;
}

std::chrono::nanoseconds Wiring::running(std::chrono::steady_clock::time_point now) const {
  return now.time_since_epoch() - time_of(host_->origin);
}

std::uint32_t Wiring::depth(std::size_t wire) const {
  return plan_.wires[wire].depth +
         host_->wire()[lines_[wire]].deeper.load(std::memory_order_relaxed);
}

bool Wiring::waits(std::size_t wire) const {
  const auto gate = host_->wire()[lines_[wire]].gate.load(std::memory_order_relaxed);
  return plan_.wires[wire].policy == WirePolicy::wait &&
         gate == static_cast<std::uint32_t>(wire::Gate::open);
}

bool Wiring::let_drop(std::size_t wire) {
  if (!plan_.wires[wire].drops_when_stalled() || !waits(wire)) return false;
  reader(wire).let_go = true;
  set_gate(wire, wire::Gate::closed);
  ring();
  return true;
}

bool Wiring::deepen(std::size_t wire) {
  if (plan_.wires[wire].drops_when_stalled()) return false;  // its window is what its depth was
  auto& deeper = host_->wire()[lines_[wire]].deeper;
  const auto now = deeper.load(std::memory_order_relaxed);
  if (now >= kSpare) return false;
  deeper.store(std::min(now + depth(wire), kSpare), std::memory_order_release);
  ring();
  return true;
}

bool Wiring::has_ended(std::size_t block) const {
  return blocks_[block].status->state.load(std::memory_order_acquire) ==
         static_cast<std::uint32_t>(wire::WorkerState::finished);
}

std::optional<std::chrono::nanoseconds> Wiring::at_work(
    std::size_t block, std::chrono::steady_clock::time_point now) const {
  return wire::at_work(*blocks_[block].status, now);
}

std::vector<StallWatch::BlockNow> Wiring::blocks_now() const {
  using enum StallWatch::Doing;
  std::vector<StallWatch::BlockNow> blocks;
  for (const auto& block : blocks_) {
    const auto state =
        static_cast<wire::WorkerState>(block.status->state.load(std::memory_order_acquire));
    blocks.push_back({.doing = block.down                                  ? works  // it will
                               : state == wire::WorkerState::waiting_input ? waits_for_input
                               : state == wire::WorkerState::waiting_space ? waits_for_space
                               : state == wire::WorkerState::finished      ? ended
                                                                           : works,
                      .since = std::chrono::steady_clock::time_point(time_of(block.status->since)),
                      .down = block.down || block.gone});
  }
  return blocks;
}

std::vector<StallWatch::WireNow> Wiring::wires_now() const {
  std::vector<StallWatch::WireNow> wires;
  for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
    const auto next = reader(wire).page->next.load(std::memory_order_acquire);
    const auto head =
        pools_[plan_.wires[wire].from_output].page->head.load(std::memory_order_acquire);
    wires.push_back({.waiting = head + 1 > next ? head + 1 - next : 0,
                     .depth = depth(wire),
                     .next = next,
                     .waits = waits(wire)});
  }
  return wires;
}

std::optional<Wiring::Damage> Wiring::look_for_damage() {
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    if (blocks_[block].damaged) continue;
    if (auto damage = damage_of(block)) {
      blocks_[block].damaged = true;
      return Damage{block, std::move(*damage)};
    }
  }
  return std::nullopt;
}

PageDamage Wiring::damage_of(std::size_t block) {
  auto& pages = blocks_[block];
  if (const auto damage = pages.watch->look()) return "its status page: " + *damage;
  for (const auto output : pages.outputs) {
    if (const auto damage = pools_[output].watch->look()) {
      return "the page of its output " + plan_.outputs[output].port + ": " + *damage;
    }
  }
  for (const auto wire : pages.inputs) {
    // By a damaged page of the other side nothing can be judged.
    if (blocks_[plan_.wires[wire].from_block].damaged) continue;
    if (const auto damage = reader(wire).watch->look()) {
      return "the page of its input " + plan_.wires[wire].to_port + ": " + *damage;
    }
  }
  return std::nullopt;
}

void Wiring::fill(RunStats& stats) const {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const auto& planned = plan_.blocks[i];
    BlockStats block;
    block.name = planned.name;
    block.type = planned.type.info.type;
    block.is_source = planned.is_source;
    block.is_sink = planned.is_sink;
    block.damaged = blocks_[i].damaged;
    if (!block.damaged) read(*blocks_[i].status, block);
    stats.blocks.push_back(std::move(block));
  }
  for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
    const auto& planned = plan_.wires[wire];
    WireStats one;
    one.from = plan_.blocks[planned.from_block].name + "." + planned.from_port;
    one.to = plan_.wire_name(wire);
    one.policy =
        planned.policy == WirePolicy::wait && !reader(wire).let_go ? "wait" : "drop_oldest";
    one.depth = depth(wire);
    const auto& pool = pools_[planned.from_output];
    one.damaged = blocks_[planned.from_block].damaged || blocks_[planned.to_block].damaged;
    if (!one.damaged) read(*pool.page, pool.ring_size, *reader(wire).page, one);
    stats.wires.push_back(std::move(one));
  }
}

}  // namespace vcengine
