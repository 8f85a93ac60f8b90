#include "block_runner.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <utility>

#include "block_access.hpp"

namespace vcengine::detail {

using Clock = std::chrono::steady_clock;
using Status = wire::RingReader::Status;

namespace {

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
}

/// One writer: a load and a store count.
void increment(wire::Word64& word) noexcept {
  word.store(word.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

BlockRunner::BlockRunner(Block& block, std::vector<Input> inputs, std::vector<Output> outputs,
                         wire::Waiter& waiter, wire::StatusPage& status)
    : block_(block), waiter_(waiter), status_(status), origin_(BlockAccess::now(block)) {
  for (auto& input : inputs) {
    if (input.port->info().role == PortRole::latest) {
      latests_.push_back(std::move(input));
    } else {
      readers_.push_back(input.reader);
      triggers_.push_back(std::move(input));
    }
  }
  front_.resize(triggers_.size());
  statuses_.resize(triggers_.size());
  for (auto& output : outputs) {
    outputs_.push_back(std::make_shared<PortWriter>(block_, *output.port, std::move(output.ring),
                                                    waiter_, triggers_.empty(), output.feeds_join));
  }
}

BlockRunner::~BlockRunner() {
  for (auto& input : triggers_) input.port->clear();
  for (auto& input : latests_) input.port->clear();
}

BlockRunner::Ready BlockRunner::poll() {
  if (BlockAccess::finished(block_)) return Ready::finished;
  if (free_running()) {
    if (call_limit_ != 0 && calls_ >= call_limit_) return Ready::finished;
    take_latests();
    return Ready::yes;
  }
  for (;;) {
    const auto ready = match();
    if (ready != Ready::yes) {
      if (ready == Ready::no) pass_on_bound(Ring::always);
      set_state(wire::WorkerState::waiting_input);
      return ready;
    }
    // A frame that was skipped is news for a join now, not when the next one is done.
    pass_on_bound(Ring::unless_published);
    if (take_matched()) {
      take_latests();
      return Ready::yes;
    }
  }
}

bool BlockRunner::might_be_ready() {
  return free_running() || match() != Ready::no || meeting_ > passed_on_;
}

bool BlockRunner::finished() {
  if (BlockAccess::finished(block_)) return true;
  if (free_running()) return call_limit_ != 0 && calls_ >= call_limit_;
  return match() == Ready::finished;
}

/// A branch that skips frames never stalls a join further down: what cannot come here any more
/// cannot come out of here either. `unless_published` saves our readers a wake-up where the last
/// process() told them by its frame how far it is.
void BlockRunner::pass_on_bound(Ring ring) {
  if (meeting_ <= passed_on_) return;
  passed_on_ = meeting_;
  for (auto& output : outputs_) {
    output->advance_bound(meeting_, ring == Ring::always || !output->published());
  }
}

/// Looks at the front of each In until all stamps are equal. A frame is dropped as unmatched as
/// soon as another input can no longer bring its stamp: its next frame is later, its bound is, or
/// it has ended.
BlockRunner::Ready BlockRunner::match() {
  for (;;) {
    bool all_ended = true;
    bool all_there = true;
    std::int64_t meeting = 0;
    for (std::size_t i = 0; i < triggers_.size(); ++i) {
      auto& reader = *triggers_[i].reader;
      const auto bound = reader.bound();  // before the look: a frame published since is then seen
      statuses_[i] = reader.peek(front_[i]);
      switch (statuses_[i]) {
        case Status::frame:
          all_ended = false;
          meeting = std::max(meeting, front_[i].stamp.count());
          break;
        case Status::ended:
          all_there = false;
          meeting = std::numeric_limits<std::int64_t>::max();
          break;
        default:
          all_ended = false;
          all_there = false;
          meeting = std::max(meeting, bound);
      }
    }
    if (all_ended) return Ready::finished;
    meeting_ = meeting;

    bool skipped = false;
    if (triggers_.size() > 1) {
      for (std::size_t i = 0; i < triggers_.size(); ++i) {
        if (statuses_[i] == Status::frame && front_[i].stamp.count() < meeting) {
          triggers_[i].reader->skip(front_[i].sequence, wire::DropReason::unmatched);
          skipped = true;
        }
      }
    }
    if (skipped) continue;
    return all_there ? Ready::yes : Ready::no;
  }
}

/// False if a frame left its drop_oldest window meanwhile, or was of a wrong type: match again.
bool BlockRunner::take_matched() {
  std::size_t taken = 0;
  for (; taken < triggers_.size(); ++taken) {
    auto& input = triggers_[taken];
    const auto& front = front_[taken];
    if (!input.port->accepts(front.type)) {
      input.reader->skip(front.sequence, wire::DropReason::wrong_type);
      log_error("input '" + input.port->info().name + "' takes " + input.port->info().type +
                ", but frame " + std::to_string(front.sequence) + " is " + to_string(front.type) +
                "; it is dropped");
      break;
    }
    if (!take(input, front.sequence)) break;
  }
  // What was taken for a match that is not made has lost its partner. It counts as taken.
  return taken == triggers_.size();
}

bool BlockRunner::take(Input& input, std::uint64_t sequence) {
  FrameRef frame;
  input.port->clear();  // first: its place in the hold table is free again
  switch (input.reader->take(frame, sequence)) {
    case Status::too_many_held:
      throw TooManyHeld("the block keeps too many frames of input '" + input.port->info().name +
                        "'; clone() what it needs for longer");
    case Status::frame:
      break;
    default:
      return false;
  }
  const auto age = Clock::now().time_since_epoch() - frame.header().born;
  input.reader->record_age(static_cast<std::uint64_t>(std::max<std::int64_t>(age.count(), 0)));
  try {
    input.port->arrive(std::move(frame));
  } catch (const FrameError& error) {
    increment(status_.exceptions);
    log_error("input '" + input.port->info().name + "': " + error.what() + "; it is dropped");
    return false;
  }
  return true;
}

void BlockRunner::take_latests() {
  for (auto& input : latests_) {
    FrameHeader header;
    while (input.reader->peek(header) == Status::frame) {
      if (!input.port->accepts(header.type)) {
        input.reader->skip(header.sequence, wire::DropReason::wrong_type);
      } else if (take(input, header.sequence)) {
        break;  // the newest there was: a writer faster than this loop must not keep us in it
      }
    }
  }
}

void BlockRunner::process() {
  ++calls_;
  const auto start = Clock::now();
  const auto slept_before = waiter_.slept();
  if (free_running()) {
    // At a rate, the n-th call has its place in time whenever it really comes: two runs stamp
    // alike.
    const auto now = BlockAccess::now(block_);
    const auto stamp = period_ ? Stamp{static_cast<std::int64_t>(calls_ - 1) * period_->count()}
                               : Stamp{now - origin_};
    BlockAccess::set_times(block_, stamp, now.time_since_epoch());
  } else {
    const auto& trigger = triggers_.front().port->header();
    BlockAccess::set_times(block_, trigger.stamp, trigger.born);
  }
  const auto cause = free_running() ? 0 : triggers_.front().port->header().sequence;
  for (auto& output : outputs_) output->begin(cause);
  status_.trigger.store(free_running() ? calls_ : cause, std::memory_order_relaxed);
  set_state(wire::WorkerState::running);
  try {
    block_.process();
  } catch (const Stopping&) {
    throw;  // its frame is not done
  } catch (...) {
    increment(status_.exceptions);
    finish_call();
    throw;
  }
  // The call in which a source finds that its data is over is no frame.
  const bool only_finished =
      free_running() && BlockAccess::finished(block_) && !anything_published();
  if (!only_finished) {
    increment(status_.processed);
    // Waiting for room on a wire, or for its pace, is not the block's work.
    const auto worked = Clock::now() - start - (waiter_.slept() - slept_before);
    status_.process_time.add(static_cast<std::uint64_t>(std::max<std::int64_t>(worked.count(), 0)));
  }
  finish_call();
}

bool BlockRunner::anything_published() const {
  return std::ranges::any_of(outputs_, [](const auto& output) { return output->published(); });
}

void BlockRunner::finish_call() {
  BlockAccess::end_call(block_);
  // With Ins, poll() passes their bounds on: another frame of the same stamp may follow. A source
  // that published nothing at all has not said how far it is. It rings in any case: who skipped the
  // frame meanwhile sleeps already, and what it tells a join depends on this.
  if (free_running() && anything_published()) {
    const auto bound = BlockAccess::stamp(block_).count() + 1;
    for (auto& output : outputs_) output->advance_bound(bound, true);
  }
  for (auto& input : triggers_) input.port->clear();
  status_.trigger.store(0, std::memory_order_relaxed);
}

void BlockRunner::drain() {
  for (auto& output : outputs_) output->begin(0);
  block_.drain();
}

void BlockRunner::end_outputs() {
  for (auto& output : outputs_) output->end();
  set_state(wire::WorkerState::finished);
}

void BlockRunner::set_state(wire::WorkerState state) noexcept {
  status_.since.store(now_ns(), std::memory_order_relaxed);
  status_.state.store(static_cast<std::uint32_t>(state), std::memory_order_release);
}

}  // namespace vcengine::detail
