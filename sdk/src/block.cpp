#include "vcengine/block.hpp"

#include <algorithm>
#include <stdexcept>

#include "block_access.hpp"

namespace vcengine {

namespace {

detail::Runtime& running(detail::Runtime* runtime) {
  if (runtime == nullptr) {
    throw std::logic_error(
        "the block is not running yet; move this from its constructor to start()");
  }
  return *runtime;
}

}  // namespace

Block::Block() = default;
Block::~Block() = default;

void Block::stop_circuit(std::string_view reason) { running(runtime_).stop_circuit(reason); }

bool Block::stopping() const noexcept { return runtime_ != nullptr && runtime_->stopping(); }

void Block::set_stamp(Stamp stamp, std::optional<Born> born) noexcept {
  stamp_ = stamp;
  stamp_set_ = true;
  born_ = born ? *born : detail::BlockAccess::now(*this).time_since_epoch();
}

void Block::pace(Stamp stamp) {
  auto& runtime = running(runtime_);
  if (!runtime.paced()) return;
  const auto now = runtime.now();
  if (!pace_origin_) pace_origin_ = now - runtime.clock().real(stamp);
  runtime.sleep_until(*pace_origin_ + runtime.clock().real(stamp));
}

Stamp Block::now() const {
  const auto& runtime = running(runtime_);
  return runtime.clock().kind == ClockKind::media ? stamp_ : runtime.clock().time(runtime.now());
}

void Block::sleep_until(Stamp due) {
  auto& runtime = running(runtime_);
  const auto clock = runtime.clock();
  if (clock.kind == ClockKind::media) return;
  runtime.sleep_until(clock.origin + clock.real(due));
}

void Block::sleep_for(std::chrono::nanoseconds duration) {
  auto& runtime = running(runtime_);
  runtime.sleep_until(runtime.now() + duration);
}

void Block::report_progress(std::uint64_t done, std::uint64_t total) noexcept {
  if (runtime_ != nullptr) runtime_->report_progress(done, total);
}

void Block::report_window(bool open) noexcept {
  if (runtime_ != nullptr) runtime_->report_window(open);
}

InputBase::InputBase(Block* owner, PortInfo info) : PortBase(std::move(info)) {
  owner->inputs_.push_back(this);
}

void InputBase::throw_empty() const {
  throw FrameError("input '" + info_.name + "' has no frame yet; ask has_value() first");
}

detail::InputsBase::InputsBase(Block* owner, PortInfo info) : PortBase(std::move(info)) {
  owner->many_inputs_.push_back(this);
}

OutputBase::OutputBase(Block* owner, PortInfo info) : PortBase(std::move(info)) {
  owner->outputs_.push_back(this);
}

void OutputBase::throw_unconnected() const {
  throw FrameError("output '" + info_.name + "' can be used in process() and drain() only");
}

void OutputBase::publish_bytes(FrameType type, std::array<std::uint32_t, 2> shape,
                               std::span<const std::byte> bytes) {
  auto& to = writer();
  const auto slot = to.loan(bytes.size());
  std::copy(bytes.begin(), bytes.end(), slot.data);
  try {
    to.publish(slot, type, shape, bytes.size());
  } catch (...) {
    to.give_back(slot);
    throw;
  }
}

Out<SameAs>::Out(Block* owner, detail::Word name, SameAs same_as, std::string_view doc)
    : OutputBase(owner, {.name = std::string(name.text()),
                         .doc = std::string(doc),
                         .role = PortRole::out,
                         .type = "any",
                         .optional = false,
                         .many = false,
                         .delayed = 0,
                         .same_as = std::string(same_as.input),
                         .fields = {},
                         .record_size = 0}) {}

bool detail::FrameWriter::forward(const FrameRef&) { return false; }

void Out<SameAs>::publish(const FrameRef& frame) {
  if (writer().forward(frame)) return;
  const auto& header = frame.header();
  publish_bytes(header.type, header.shape, frame.payload());
}

void Out<SameAs>::publish(const FrameCopy& frame) {
  publish_bytes(frame.header.type, frame.header.shape, frame.payload);
}

ParamBase::ParamBase(Block* owner, ParamInfo info) : info_(std::move(info)) {
  owner->params_.push_back(this);
}

StateBase::StateBase(Block* owner, StateInfo info, void* value)
    : info_(std::move(info)), bytes_(static_cast<std::byte*>(value), info_.size) {
  owner->states_.push_back(this);
}

}  // namespace vcengine
