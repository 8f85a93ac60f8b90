#include "vcengine/harness.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "block_access.hpp"
#include "block_runner.hpp"
#include "settings.hpp"
#include "wire/segment.hpp"

namespace vcengine {

namespace {

constexpr std::uint32_t kQueue = 64;
constexpr std::uint64_t kCapacity = 64ULL << 20;
constexpr auto kPeriod = std::chrono::milliseconds(40);

class NoDoorbell final : public wire::Doorbell {
 public:
  void ring(const wire::Word32&) noexcept override {}
};

/// There is nobody to wait for in a harness.
class NoWaiter final : public wire::Waiter {
 public:
  void wait_for_frames(std::span<const std::shared_ptr<wire::RingReader>>,
                       const std::function<bool()>&,
                       std::chrono::steady_clock::time_point) override {}
  void wait_for_space(wire::RingWriter&, const std::function<bool()>&) override {
    throw std::logic_error("BlockHarness: " + std::to_string(kQueue) +
                           " frames wait at an output; take() them first");
  }
  wire::RunState run_state() const noexcept override {
    return stopping ? wire::RunState::abort : wire::RunState::run;
  }

  bool stopping = false;
};

/// Between a port and its ring: fails when a test asks for it, and makes sure that what a block
/// leaves unwritten in a loan is seen.
class TestedWriter final : public detail::FrameWriter {
 public:
  TestedWriter(OutputBase& port, const std::byte& fill)
      : inner_(*detail::BlockAccess::writer(port)), name_(port.info().name), fill_(fill) {}

  void fail_loans(std::size_t count) { failing_ = count; }

  detail::Slot loan(std::uint64_t size) override {
    if (failing_ > 0) {
      --failing_;
      throw FrameError("output '" + name_ + "' lends nothing: the test asked for it");
    }
    const auto slot = inner_.loan(size);
    std::fill_n(slot.data, size, fill_);
    return slot;
  }
  void publish(detail::Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
               std::uint64_t size) override {
    inner_.publish(slot, type, shape, size);
  }
  void give_back(detail::Slot slot) noexcept override { inner_.give_back(slot); }

 private:
  detail::FrameWriter& inner_;
  const std::string name_;
  const std::byte& fill_;
  std::size_t failing_ = 0;
};

/// A page of zeroed private memory, aligned as shared ones are.
wire::Mapping page(std::size_t size) { return wire::Mapping::anonymous(size); }

/// One wire in the memory of this process. Its reader keeps the memory until the last frame taken
/// from it is let go: a block or a test may keep frames for longer than the harness lives.
class MemoryWire {
 public:
  /// `predecessor`: of whose writer this one's is the successor.
  explicit MemoryWire(wire::Policy policy, const MemoryWire* predecessor = nullptr)
      : memory_(std::make_shared<Memory>()) {
    wire::PoolConfig pool;
    pool.depth = policy == wire::Policy::wait ? kQueue : 1;
    pool.observers = 0;
    pool.capacity = kCapacity;
    if (predecessor != nullptr) {
      pool.succeed(wire::writer_page(predecessor->memory_->control.bytes()));
    }
    wire::ReaderConfig reader_config;
    reader_config.join = pool.first;
    reader_config.policy = policy;
    reader_config.depth = pool.depth;

    auto& memory = *memory_;
    memory.control = page(wire::writer_page_size(pool.ring_size(), pool.slots()));
    memory.payload = page(pool.slots() * pool.stride());
    memory.reader_page = page(sizeof(wire::ReaderPage));
    memory.host_page = page(wire::host_page_size(1));
    wire::init_writer_page(memory.control.bytes(), pool);
    wire::init_reader_page(memory.reader_page.bytes(), reader_config);
    wire::init_host_page(memory.host_page.bytes(), 1);

    auto& line = wire::host_page(memory.host_page.bytes()).wire()[0];
    line.gate.store(1);
    line.alive.store(1);
    auto& writer_page = wire::writer_page(memory.control.bytes());
    auto& reader_page = wire::reader_page(memory.reader_page.bytes());
    writer = std::make_unique<wire::RingWriter>(
        writer_page, memory.payload.bytes(),
        std::vector<wire::RingWriter::Reader>{{&reader_page, &line}}, memory.doorbell);
    reader = std::make_shared<wire::RingReader>(reader_page, writer_page, memory.payload.bytes(),
                                                line, memory.doorbell, memory_);
  }

 private:
  struct Memory {
    NoDoorbell doorbell;
    wire::Mapping control, payload, reader_page, host_page;
  };
  std::shared_ptr<Memory> memory_;  // before those who use it

 public:
  std::unique_ptr<wire::RingWriter> writer;
  std::shared_ptr<wire::RingReader> reader;
};

struct InputWire {
  explicit InputWire(wire::Policy policy) : wire(policy) {}

  void connect(InputBase& to) {
    port = &to;
    port->set_record_fields(record_fields);
  }
  void set_record_fields(std::vector<FieldInfo> fields) {
    record_fields = std::move(fields);
    port->set_record_fields(record_fields);
  }

  MemoryWire wire;
  InputBase* port = nullptr;  // of the block that lives now
  std::vector<FieldInfo> record_fields;
  Stamp next_stamp{0};
};

/// One wire after another: each life of the block has one of its own.
struct OutputWires {
  MemoryWire& add() {
    return wires.emplace_back(wire::Policy::wait, wires.empty() ? nullptr : &wires.back());
  }

  std::deque<MemoryWire> wires;
  bool connected = false;
};

}  // namespace

class AnyBlockHarness::Impl final : public detail::Runtime {
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr TimePoint kOrigin{std::chrono::hours(1)};

 public:
  explicit Impl(std::function<std::unique_ptr<Block>()> construct)
      : construct_(std::move(construct)),
        block_(construct_()),
        status_page_(page(sizeof(wire::StatusPage))) {
    wire::init_status_page(status_page_.bytes());
    detail::BlockAccess::set_runtime(*block_, this);
  }
  ~Impl() override {
    try {
      stop();
    } catch (const std::exception& error) {
      log_error(std::string("BlockHarness: exception while stopping: ") + error.what());
    }
    destroy_block();
  }

  void restart() {
    destroy_block();
    for (auto& [name, input] : inputs_) input.port = nullptr;
    for (auto& [name, output] : outputs_) output.connected = false;
    wired_ = started_ = stopped_ = false;
    stop_reason_.clear();
    block_ = construct_();
    detail::BlockAccess::set_runtime(*block_, this);
    for (const auto& [name, value] : settings_) set_param(name, value);
  }

  void set(std::string_view name, const ParamValue& value) {
    if (started_) {
      const std::pair<std::string, ParamValue> setting(name, value);
      detail::change_settings(*block_, {&setting, 1});
    } else {
      set_param(name, value);
    }
    settings_.emplace_back(name, value);
  }

  void set_count(std::string_view inputs, std::size_t count) {
    counts_[std::string(inputs)] = count;
  }
  void leave_unwired(std::string_view port) { unwired_.insert(std::string(port)); }
  void set_sync(SyncRule rule) {
    if (wired_) throw std::logic_error("BlockHarness: set_sync() comes before the first frame");
    options_.sync = rule;
  }

  InputWire& input(std::string_view name) {
    wire();
    const auto found = inputs_.find(name);
    if (found == inputs_.end())
      throw std::logic_error("no wired input '" + std::string(name) + "'");
    return found->second;
  }

  void put(std::string_view name, FrameType type, std::array<std::uint32_t, 2> shape,
           std::span<const std::byte> bytes, std::optional<Stamp> stamp) {
    auto& to = input(name);
    if (!to.wire.writer->has_space()) {
      throw std::logic_error("BlockHarness: " + std::to_string(kQueue) + " frames wait at input '" +
                             std::string(name) + "'; step() first");
    }
    if (bytes.size() > to.wire.writer->stride()) throw FrameError("frame larger than 64 MiB");
    const auto slot = to.wire.writer->try_loan();
    if (!slot) throw std::logic_error("BlockHarness: the block holds every slot");
    std::copy(bytes.begin(), bytes.end(), to.wire.writer->slot_data(*slot));
    FrameHeader header;
    header.type = type;
    header.size = bytes.size();
    header.shape = shape;
    header.stamp = stamp.value_or(to.next_stamp);
    header.born = now_.time_since_epoch();
    to.wire.writer->publish(*slot, header);
    to.wire.writer->advance_bound(header.stamp.count() + 1, false);
    to.next_stamp = header.stamp + kPeriod;
  }

  void start() {
    if (started_) return;
    block_->check();
    wire();
    runner_->start();
    started_ = true;
  }

  bool step() {
    start();
    if (runner_->poll() != detail::BlockRunner::Ready::yes) return false;
    runner_->process();
    return true;
  }

  void stop() {
    if (!started_ || stopped_) return;
    stopped_ = true;
    if (finished()) runner_->drain();
    block_->stop();
    runner_->end_outputs();
  }

  bool finished() { return started_ && runner_->finished(); }

  std::optional<FrameRef> take(std::string_view output) {
    wire();
    const auto found = outputs_.find(output);
    if (found == outputs_.end()) throw std::logic_error("no output '" + std::string(output) + "'");
    auto& wires = found->second.wires;
    FrameRef frame;
    auto status = wires.front().reader->take(frame);
    while (status == wire::RingReader::Status::empty && wires.size() > 1) {
      wires.pop_front();  // its writer is gone
      status = wires.front().reader->take(frame);
    }
    switch (status) {
      case wire::RingReader::Status::frame:
        return frame;
      case wire::RingReader::Status::too_many_held:
        throw std::logic_error("BlockHarness: the test keeps too many frames of '" +
                               std::string(output) + "'");
      default:
        return std::nullopt;
    }
  }

  Block& block() { return *block_; }
  const std::string& stop_reason() const { return stop_reason_; }

  std::chrono::nanoseconds elapsed() const noexcept { return now_ - kOrigin; }
  void advance(std::chrono::nanoseconds time) { now_ += time; }
  void set_paced(bool paced) { paced_ = paced; }
  void set_clock(ClockKind kind) { clock_ = kind; }
  void begin_stop() { waiter_.stopping = true; }
  void fill_loans(std::byte value) noexcept { fill_ = value; }
  void fail_loans(std::string_view output, std::size_t count) {
    wire();
    const auto found = tested_.find(output);
    if (found == tested_.end()) throw std::logic_error("no output '" + std::string(output) + "'");
    found->second->fail_loans(count);
  }

  TimePoint now() const noexcept override { return now_; }
  CircuitClock clock() const noexcept override {
    return {.kind = clock_, .speed = 1, .origin = kOrigin};
  }
  void stop_circuit(std::string_view reason) override { stop_reason_ = reason; }
  bool stopping() const noexcept override { return !stop_reason_.empty() || waiter_.stopping; }
  bool paced() const noexcept override { return paced_; }
  void sleep_until(TimePoint due) override {
    if (stopping()) throw Stopping();
    now_ = std::max(now_, due);
  }
  void report_progress(std::uint64_t, std::uint64_t) noexcept override {}
  void report_window(bool) noexcept override {}

 private:
  void destroy_block() {
    tested_.clear();  // a loan that the block keeps is void from here on
    runner_.reset();
    detail::BlockAccess::set_runtime(*block_, nullptr);
    block_.reset();  // before the wires: it may keep frames of theirs
  }

  void set_param(std::string_view name, const ParamValue& value) {
    for (auto* param : detail::BlockAccess::params(*block_)) {
      if (param->info().name == name) return param->set(value);
    }
    throw ParamError("the block has no setting '" + std::string(name) + "'");
  }

  void wire() {
    if (wired_) return;
    wired_ = true;
    Setup setup(*block_);
    block_->declare(setup);

    std::vector<detail::BlockRunner::Input> inputs;
    auto add = [&](InputBase& port) {
      const auto& info = port.info();
      if (unwired_.contains(info.name)) return;
      const auto policy =
          info.role == PortRole::latest ? wire::Policy::drop_oldest : wire::Policy::wait;
      const auto place = inputs_.try_emplace(info.name, policy).first;
      if (place->second.port != nullptr) throw_twice("input", info.name);
      place->second.connect(port);
      inputs.push_back({&port, place->second.wire.reader});
    };
    for (auto* port : detail::BlockAccess::inputs(*block_)) add(*port);
    for (auto* ports : detail::BlockAccess::many_inputs(*block_)) {
      const auto count = counts_.find(ports->info().name);
      ports->resize(count == counts_.end() ? 2 : count->second);
      for (std::size_t i = 0; i < ports->size(); ++i) add(ports->port(i));
    }
    std::vector<detail::BlockRunner::Output> outputs;
    for (auto* port : detail::BlockAccess::outputs(*block_)) {
      auto& output = outputs_[port->info().name];
      if (std::exchange(output.connected, true)) throw_twice("output", port->info().name);
      outputs.push_back({port, std::move(output.add().writer)});
    }
    runner_ = std::make_unique<detail::BlockRunner>(
        *block_, std::move(inputs), std::move(outputs), waiter_,
        wire::status_page(status_page_.bytes()), options_);
    for (auto* port : detail::BlockAccess::outputs(*block_)) {
      const auto writer = std::make_shared<TestedWriter>(*port, fill_);
      port->connect(writer.get());
      tested_.emplace(port->info().name, writer);
    }
  }

  [[noreturn]] static void throw_twice(const std::string& what, const std::string& name) {
    throw std::logic_error("the block declares the " + what + " '" + name + "' twice");
  }

  NoWaiter waiter_;
  detail::RunnerOptions options_;
  std::function<std::unique_ptr<Block>()> construct_;
  std::unique_ptr<Block> block_;
  wire::Mapping status_page_;  // for all lives of the block
  std::vector<std::pair<std::string, ParamValue>> settings_;
  std::map<std::string, std::size_t, std::less<>> counts_;
  std::set<std::string, std::less<>> unwired_;
  std::map<std::string, InputWire, std::less<>> inputs_;
  std::map<std::string, OutputWires, std::less<>> outputs_;
  std::unique_ptr<detail::BlockRunner> runner_;
  std::map<std::string, std::shared_ptr<TestedWriter>, std::less<>> tested_;
  TimePoint now_ = kOrigin;
  std::byte fill_{0xCD};
  ClockKind clock_ = ClockKind::wall;
  bool paced_ = false;
  bool wired_ = false;
  bool started_ = false;
  bool stopped_ = false;
  std::string stop_reason_;
};

AnyBlockHarness::AnyBlockHarness(std::function<std::unique_ptr<Block>()> construct)
    : impl_(std::make_unique<Impl>(std::move(construct))) {}
AnyBlockHarness::~AnyBlockHarness() = default;

AnyBlockHarness& AnyBlockHarness::set(std::string_view param, ParamValue value) {
  impl_->set(param, value);
  return *this;
}
AnyBlockHarness& AnyBlockHarness::set_count(std::string_view inputs, std::size_t count) {
  impl_->set_count(inputs, count);
  return *this;
}
AnyBlockHarness& AnyBlockHarness::set_sync(SyncRule rule) {
  impl_->set_sync(rule);
  return *this;
}
AnyBlockHarness& AnyBlockHarness::leave_unwired(std::string_view port) {
  impl_->leave_unwired(port);
  return *this;
}

void AnyBlockHarness::put_bytes(std::string_view input, FrameType type,
                                std::array<std::uint32_t, 2> shape,
                                std::span<const std::byte> bytes, std::optional<Stamp> stamp) {
  impl_->put(input, type, shape, bytes, stamp);
}
void AnyBlockHarness::set_record_fields(std::string_view input, std::vector<FieldInfo> fields) {
  impl_->input(input).set_record_fields(std::move(fields));
}
void AnyBlockHarness::end(std::string_view input) { impl_->input(input).wire.writer->end(); }

void AnyBlockHarness::start() { impl_->start(); }
bool AnyBlockHarness::step() { return impl_->step(); }
std::size_t AnyBlockHarness::run() {
  std::size_t steps = 0;
  while (step()) ++steps;
  return steps;
}
void AnyBlockHarness::stop() { impl_->stop(); }
void AnyBlockHarness::restart() { impl_->restart(); }

std::chrono::nanoseconds AnyBlockHarness::now() const noexcept { return impl_->elapsed(); }
void AnyBlockHarness::advance(std::chrono::nanoseconds time) { impl_->advance(time); }
AnyBlockHarness& AnyBlockHarness::set_paced(bool paced) {
  impl_->set_paced(paced);
  return *this;
}
AnyBlockHarness& AnyBlockHarness::set_clock(ClockKind kind) {
  impl_->set_clock(kind);
  return *this;
}
void AnyBlockHarness::fail_loans(std::string_view output, std::size_t count) {
  impl_->fail_loans(output, count);
}
void AnyBlockHarness::begin_stop() { impl_->begin_stop(); }
void AnyBlockHarness::fill_loans(std::byte value) noexcept { impl_->fill_loans(value); }

std::optional<FrameRef> AnyBlockHarness::take_frame(std::string_view output) {
  return impl_->take(output);
}
bool AnyBlockHarness::finished() const { return impl_->finished(); }
std::string AnyBlockHarness::stop_reason() const { return impl_->stop_reason(); }
std::uint64_t AnyBlockHarness::dropped_unmatched(std::string_view input) const {
  return impl_->input(input).wire.reader->dropped(wire::DropReason::unmatched);
}
Block& AnyBlockHarness::any_block() noexcept { return impl_->block(); }

}  // namespace vcengine
