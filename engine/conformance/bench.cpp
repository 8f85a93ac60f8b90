#include "engine/conformance/bench.hpp"

#include <algorithm>

#include "block_access.hpp"
#include "engine/conformance/check_process.hpp"

namespace vcengine {

/// Between an output and the harness: sees which loans fail, for what process() makes of that is
/// the question.
class WatchedWriter final : public detail::FrameWriter {
 public:
  explicit WatchedWriter(std::shared_ptr<FrameWriter> inner) : inner_(std::move(inner)) {}

  detail::Slot loan(std::uint64_t size) override {
    try {
      return inner_->loan(size);
    } catch (const Stopping&) {
      stopped = true;
      throw;
    } catch (const FrameError&) {
      failed = true;
      throw;
    }
  }
  void publish(detail::Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
               std::uint64_t size) override {
    inner_->publish(slot, type, shape, size);
  }
  void give_back(detail::Slot slot) noexcept override { inner_->give_back(slot); }

  bool stopped = false;
  bool failed = false;

 private:
  std::shared_ptr<FrameWriter> inner_;
};

namespace {

constexpr auto kPeriod = std::chrono::milliseconds(40);

/// Runs the block's code; its words if it throws.
template <class Call>
std::optional<std::string> words_of(Call call) {
  try {
    call();
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

}  // namespace

Bench::Bench(const Subject& subject, BenchOptions options)
    : subject_(subject), block_(nullptr), harness_([this] {
        auto block = subject_.library.construct(subject_.request.type);
        block_ = block.get();
        return block;
      }) {
  for (const auto& [name, value] : subject.request.settings) harness_.set(name, value);
  for (const auto& [name, value] : options.settings) harness_.set(name, value);
  for (const auto& input : subject.inputs) {
    if (input.port.optional && !options.wire_optional) {
      harness_.leave_unwired(input.name);
    } else {
      wired_.push_back(&input);
    }
  }
  harness_.fill_loans(loan_fill(subject.request.seed));
}

// The writers first: a loan that the block keeps is void before its harness goes.
Bench::~Bench() {
  outputs_.clear();
  subject_.progress.stage("while it is destructed");
}

void Bench::start() {
  if (started_) return;
  if (const auto words = words_of([this] { harness_.start(); })) throw StartRefused(*words);
  started_ = true;
  watch_outputs();
}

void Bench::watch_outputs() {
  for (auto* port : detail::BlockAccess::outputs(*block_)) {
    auto* inner = detail::BlockAccess::writer(*port);
    if (inner == nullptr) continue;
    auto writer = std::make_shared<WatchedWriter>(inner->shared_from_this());
    port->connect(writer.get());
    outputs_.push_back({port->info().name, std::move(writer)});
  }
}

void Bench::put(const Round& round) { put(round, {}, {}); }

void Bench::put(const Round& round, const std::string& other, const TestFrame& frame) {
  const auto stamp = kPeriod * static_cast<std::int64_t>(round.number);
  for (std::size_t i = 0; i < wired_.size(); ++i) {
    const auto& input = *wired_[i];
    const auto own = input.name == other ? TestFrame() : make_frame(input.kind, round, i);
    const auto& sent = input.name == other ? frame : own;
    harness_.put_bytes(input.name, sent.type, sent.shape, sent.bytes, stamp);
  }
}

Step Bench::step() {
  start();
  Step step;
  if (harness_.finished() || !harness_.stop_reason().empty()) {
    step.outcome = Outcome::ended;
    return step;
  }
  subject_.progress.frame();
  try {
    step.outcome = harness_.step() ? Outcome::done : Outcome::none;
  } catch (const Stopping&) {
    step.outcome = Outcome::stopping;
  } catch (const std::exception& error) {
    step.outcome = Outcome::threw;
    step.words = error.what();
  } catch (...) {
    step.outcome = Outcome::threw;
    step.words = "something that is no std::exception";
  }
  step.published = take();
  harness_.advance(kPeriod);
  return step;
}

Step Bench::round(const Round& round) {
  start();
  if (!harness_.finished()) put(round);
  return step();
}

std::size_t Bench::take() {
  std::size_t count = 0;
  for (auto& output : outputs_) {
    while (const auto frame = harness_.take_frame(output.name)) {
      ++count;
      if (on_frame_) on_frame_(output.name, *frame);
    }
  }
  return count;
}

std::optional<std::string> Bench::stop() {
  auto words = words_of([this] { harness_.stop(); });
  take();
  return words;
}

bool Bench::loan_failed(const std::string& output) const {
  return std::ranges::any_of(
      outputs_, [&](const auto& state) { return state.name == output && state.writer->failed; });
}

bool Bench::any_loan_stopped() const {
  return std::ranges::any_of(outputs_, [](const auto& state) { return state.writer->stopped; });
}

std::optional<std::string> trouble_with_ordinary_frames(Bench& bench, const Subject& subject,
                                                        std::uint64_t first_round) {
  if (!subject.baseline.works) return std::nullopt;  // nothing to compare with
  constexpr std::uint64_t kPatience = 12;  // a block may compare frames, or send each tenth
  std::string trouble = "publishes nothing any more";
  for (std::uint64_t i = 0; i < kPatience; ++i) {
    const auto step = bench.round({.number = first_round + i});
    if (step.outcome == Outcome::ended) return std::nullopt;
    if (step.outcome == Outcome::threw) trouble = "throws: " + step.words;
    if (step.outcome == Outcome::none) trouble = "is not called any more";
    if (step.outcome != Outcome::done) continue;
    if (step.published > 0 || !subject.baseline.publishes) return std::nullopt;
  }
  return trouble;
}

}  // namespace vcengine
