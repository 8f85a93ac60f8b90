#include "block_runner.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "block_access.hpp"
#include "wire/futex.hpp"
#include "wire/work_time.hpp"

namespace vcengine::detail {

using Clock = std::chrono::steady_clock;

namespace {

/// Between the calls of a source that neither stamps its frames nor has a rate, by a media clock:
/// 25 frames a second, as in a BlockHarness.
constexpr Stamp kMediaStep = std::chrono::milliseconds(40);

/// Until a place in a hold table is looked for again that a predecessor's frames fill: nobody rings
/// when the last reader lets go of what was sent on.
constexpr auto kAgain = std::chrono::milliseconds(5);

std::uint64_t not_negative(std::chrono::nanoseconds duration) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
}

/// Those that are no Latest; they are moved out of `inputs`.
std::vector<WiredInput> take_triggers(std::vector<WiredInput>& inputs) {
  const auto latests = std::stable_partition(
      inputs.begin(), inputs.end(),
      [](const WiredInput& input) { return input.port->info().role != PortRole::latest; });
  std::vector<WiredInput> triggers(std::move_iterator(inputs.begin()), std::move_iterator(latests));
  inputs.erase(inputs.begin(), latests);
  return triggers;
}

std::vector<FrameMatcher::Input> to_match(const std::vector<WiredInput>& triggers) {
  std::vector<FrameMatcher::Input> inputs;
  inputs.reserve(triggers.size());
  for (const auto& trigger : triggers) {
    inputs.push_back({trigger.reader, trigger.port->info().optional});
  }
  return inputs;
}

}  // namespace

BlockRunner::BlockRunner(Block& block, std::vector<Input> inputs, std::vector<Output> outputs,
                         wire::Waiter& waiter, wire::StatusPage& status, RunnerOptions options,
                         std::unique_ptr<Admission> admission)
    : block_(block),
      waiter_(waiter),
      status_(status),
      options_(options),
      states_(block, status),
      triggers_(take_triggers(inputs)),
      matcher_(to_match(triggers_), options.sync),
      latests_(status),
      admission_(std::move(admission)) {
  for (auto& input : inputs) latests_.add(std::move(input));
  for (const auto& input : triggers_) readers_.push_back(input.reader);
  if (options_.offline) {
    for (auto& reader : latests_.readers()) readers_.push_back(std::move(reader));
  }
  for (auto& output : outputs) {
    outputs_.push_back(
        std::make_shared<PortWriter>(block_, stamps_, *output.port, std::move(output.ring), waiter_,
                                     triggers_.empty(), output.tells_bound, admission_.get()));
  }
  take_over();
}

/// What a predecessor left on the same pages; nothing, where there was none.
void BlockRunner::take_over() {
  calls_ = status_.processed.load(std::memory_order_relaxed) +
           status_.exceptions.load(std::memory_order_relaxed);
  status_.trigger.store(0, std::memory_order_relaxed);
  set_state(wire::WorkerState::starting);
  wire::end_work(status_);
  for (const auto& output : outputs_) {  // what next_stamp() has to be behind
    const auto last = std::max(BlockAccess::stamp(block_), output->told() - Stamp{1});
    BlockAccess::set_times(block_, last, {});
  }
  latests_.take_over();
  settle_unfinished();
  inherits_ = std::ranges::any_of(
      triggers_, [](const Input& input) { return input.reader->holds_inherited(); });
  if (inherits_) let_go_inherited();
}

/// The frames of the call that a predecessor died in. If it had published what it made of them,
/// they are worked on.
void BlockRunner::settle_unfinished() {
  std::vector<wire::RingReader*> readers;
  for (auto& input : triggers_) {
    if (input.reader->unfinished()) {
      readers.push_back(input.reader.get());
    } else {
      input.reader->lose_unfinished();
    }
  }
  if (readers.empty()) return;
  const auto cause = readers.front()->unfinished();
  const bool published = std::ranges::any_of(
      outputs_, [&](const auto& output) { return output->last_cause() == cause; });
  const bool again = options_.retry && !published &&
                     std::ranges::all_of(readers, &wire::RingReader::can_take_again);
  for (auto* reader : readers) {
    if (published) {
      reader->complete_unfinished();
    } else if (again) {
      reader->take_again();
    } else {
      reader->lose_unfinished();
    }
  }
}

void BlockRunner::let_go_inherited() {
  const auto* keep = options_.keep_holds;
  if (keep != nullptr && keep->load(std::memory_order_acquire) != 0) return;
  const auto waits = [](const Input& input) { return input.reader->is_to_take_again(); };
  if (std::ranges::any_of(triggers_, waits)) return;
  if (std::ranges::any_of(outputs_, [](const auto& output) { return output->inherited_in_use(); }))
    return;
  for (auto& input : triggers_) input.reader->let_go_inherited();
  inherits_ = false;
}

BlockRunner::~BlockRunner() {
  for (auto& input : triggers_) input.port->clear();
  latests_.clear();
}

void BlockRunner::start() {
  block_.start();
  states_.commit();  // what an exception of the first process() goes back to
}

void BlockRunner::limit_stamps(Stamp end) {
  for (auto& output : outputs_) output->limit_stamps(end);
}

BlockRunner::Ready BlockRunner::poll() {
  if (BlockAccess::finished(block_) || reached_limit()) return Ready::finished;
  if (free_running()) return poll_free_running();
  if (inherits_) let_go_inherited();
  for (;;) {
    const auto ready = match();
    if (ready == Ready::finished) {
      pass_on_bound(matcher_.horizon(), Ring::always);  // what drain() sends is not before it
      return ready;
    }
    // A frame that was skipped is news for a join now, not when the next one is done.
    const bool may_wait = ready == Ready::no || waits_for_latests();
    pass_on_bound(matcher_.horizon(), may_wait ? Ring::always : Ring::unless_published);
    const bool certain = !waits_for_latests() || latests_.advance_to(matcher_.horizon());
    if (ready == Ready::no || !certain || no_place()) {
      set_state(wire::WorkerState::waiting_input);
      return Ready::no;
    }
    // The clock is asked once for all that begins here: its code is cold in who was just woken.
    begun_ = Clock::now();
    set_state(wire::WorkerState::running, begun_);  // before the frame is seen to be taken
    if (take_matched()) {
      if (!options_.offline) latests_.take_newest();
      return Ready::yes;
    }
  }
}

BlockRunner::Ready BlockRunner::poll_free_running() {
  if (call_limit_ != 0 && calls_ >= call_limit_) return Ready::finished;
  if (!waits_for_latests()) {
    latests_.take_newest();
    return Ready::yes;
  }
  const auto stamp = next_stamp().count();
  pass_on_bound(stamp, Ring::always);
  if (!latests_.advance_to(stamp)) {
    set_state(wire::WorkerState::waiting_input);
    return Ready::no;
  }
  return latests_.over_at(stamp) ? Ready::finished : Ready::yes;
}

/// A predecessor's frames fill a hold table.
bool BlockRunner::no_place() const {
  return inherits_ && std::ranges::any_of(triggers_, [](const Input& input) {
           return !input.port->has_value() && !input.reader->can_hold();
         });
}

FrameMatcher::TimePoint BlockRunner::deadline() const noexcept {
  return no_place() ? std::min(matcher_.deadline(), Clock::now() + kAgain) : matcher_.deadline();
}

/// Nothing but `wait:` goes by the time, and to ask for it costs every frame.
BlockRunner::Ready BlockRunner::match() {
  return matcher_.look(options_.sync.wait ? BlockAccess::now(block_) : Clock::time_point());
}

bool BlockRunner::might_be_ready() {
  if (free_running()) {
    const auto stamp = next_stamp().count();
    return !waits_for_latests() || latests_.advance_to(stamp);
  }
  const auto ready = match();
  if (ready == Ready::finished || matcher_.horizon() > passed_on_) return true;
  const bool certain = !waits_for_latests() || latests_.advance_to(matcher_.horizon());
  return ready == Ready::yes && certain && !no_place();
}

bool BlockRunner::finished() {
  if (BlockAccess::finished(block_)) return true;
  if (free_running()) return call_limit_ != 0 && calls_ >= call_limit_;
  return match() == Ready::finished;
}

/// A branch that skips frames never stalls a join further down: what cannot come here any more
/// cannot come out of here either. `unless_published` saves our readers a wake-up where the last
/// process() told them by its frame how far it is.
void BlockRunner::pass_on_bound(std::int64_t bound, Ring ring) {
  if (bound <= passed_on_) return;
  passed_on_ = bound;
  for (auto& output : outputs_) {
    output->advance_bound(bound, ring == Ring::always || !output->published());
  }
  say_how_far(bound);
}

void BlockRunner::say_how_far(std::int64_t bound) {
  if (!options_.admitted) return;
  status_.done.store(static_cast<std::uint64_t>(bound), std::memory_order_seq_cst);
  status_.done_bell.store(status_.done_bell.load(std::memory_order_relaxed) + 1,
                          std::memory_order_seq_cst);
  wire::futex_wake(status_.done_bell);
}

/// False if a frame left its drop_oldest window meanwhile, or was of a wrong type: match again.
bool BlockRunner::take_matched() {
  bool partial = false;
  for (std::size_t i = 0; i < triggers_.size(); ++i) {
    if (!matcher_.has(i)) {
      partial = true;
      triggers_[i].port->clear();
      continue;
    }
    // What was taken for a match that is not made has lost its partner. It counts as taken.
    if (!triggers_[i].take(matcher_.front(i), status_, begun_)) return false;
  }
  if (partial) wire::increment(status_.partial);
  return true;
}

/// The first of those that have a frame.
const InputBase& BlockRunner::trigger() const {
  return *std::ranges::find_if(triggers_, [](const Input& input) {
            return input.port->has_value();
          })->port;
}

/// Of a block that no frame triggers. At a rate, the n-th call has its place in time whenever it
/// really comes: two runs stamp alike.
Stamp BlockRunner::next_stamp() {
  const auto clock = BlockAccess::clock(block_);
  const auto calls = static_cast<std::int64_t>(calls_);
  const auto stamp = period_                          ? calls * Stamp{*period_}
                     : clock.kind == ClockKind::media ? calls * kMediaStep
                                                      : clock.time(BlockAccess::now(block_));
  // A block may have stamped its last frame itself, and be ahead.
  return calls == 0 ? stamp : std::max(stamp, stamps_.now(block_) + Stamp{1});
}

void BlockRunner::set_times() {
  if (free_running()) {
    BlockAccess::set_times(block_, next_stamp(), BlockAccess::now(block_).time_since_epoch());
    return;
  }
  // What is made of several frames is as old as the oldest.
  auto born = Born::max();
  for (const auto& input : triggers_) {
    if (input.port->has_value()) born = std::min(born, input.port->born());
  }
  BlockAccess::set_times(block_, matcher_.stamp(), born);
}

void BlockRunner::process() {
  if (free_running()) begun_ = Clock::now();
  const auto slept_before = waiter_.slept();
  const auto slept_for_space_before = waiter_.slept_for_space();
  set_times();
  ++calls_;
  latests_.note_read();
  const auto cause = free_running() ? 0 : trigger().header().sequence;
  for (auto& output : outputs_) output->begin(cause, BlockAccess::stamp(block_));
  status_.trigger.store(free_running() ? calls_ : cause, std::memory_order_relaxed);
  if (free_running()) set_state(wire::WorkerState::running, begun_);
  wire::begin_work(status_, begun_);
  try {
    block_.process();
  } catch (const Stopping&) {
    wire::end_work(status_);
    states_.roll_back();
    throw;  // its frame is not done
  } catch (...) {
    states_.roll_back();
    let_in_and_keep();
    wire::increment(status_.exceptions);
    finish_call();
    throw;
  }
  const auto took = Clock::now() - begun_;
  const auto slept = waiter_.slept() - slept_before;
  const auto slept_for_space = waiter_.slept_for_space() - slept_for_space_before;
  // The call in which a source finds that its data is over is no frame.
  const bool only_finished =
      free_running() && (BlockAccess::finished(block_) || reached_limit()) && !anything_published();
  let_in_and_keep();
  if (!only_finished) {
    wire::increment(status_.processed);
    // Waiting for room on a wire, or for its pace, is not the block's work; but whoever asks when
    // it will be ready again must reckon with a sleep of its own choice.
    status_.process_time.add(not_negative(took - slept));
    note_work(not_negative(took - slept_for_space));
  }
  finish_call();
}

void BlockRunner::note_work(std::uint64_t nanoseconds) noexcept {
  // A moving mean over about eight calls: follows a change, and shrugs at one slow frame.
  const auto usual = status_.work.load(std::memory_order_relaxed);
  status_.work.store(usual == 0 ? nanoseconds : usual - usual / 8 + nanoseconds / 8,
                     std::memory_order_relaxed);
}

bool BlockRunner::reached_limit() const {
  return std::ranges::any_of(outputs_, [](const auto& output) { return output->reached_limit(); });
}

bool BlockRunner::anything_published() const {
  return std::ranges::any_of(outputs_, [](const auto& output) { return output->published(); });
}

/// In this order, and before the call is noted as done: killed in between, a source sends a frame
/// twice rather than never.
void BlockRunner::let_in_and_keep() {
  if (admission_) admission_->commit();
  states_.commit();
}

void BlockRunner::finish_call() {
  BlockAccess::end_call(block_);
  // With Ins, poll() passes their bounds on: another frame of the same stamp may follow. A source
  // that published nothing at all has not said how far it is. It rings in any case: who skipped the
  // frame meanwhile sleeps already, and what it tells a join depends on this.
  if (free_running()) {
    const bool on_schedule = period_ && !BlockAccess::stamp_set(block_);
    if (on_schedule) {
      pass_on_bound(next_stamp().count(), Ring::always);
    } else if (anything_published()) {
      pass_on_bound(stamps_.now(block_).count() + 1, Ring::always);
    }
  }
  for (auto& input : triggers_) {
    input.reader->complete();
    input.port->clear();
  }
  status_.trigger.store(0, std::memory_order_relaxed);
  wire::end_work(status_);
}

void BlockRunner::pass_on_horizon() {
  if (free_running()) return;  // process() itself has said it
  match();
  pass_on_bound(matcher_.horizon(), Ring::always);
}

void BlockRunner::drain() {
  for (auto& output : outputs_) {
    output->begin(0, BlockAccess::stamp(block_));
    output->begin_drain();
  }
  block_.drain();
  let_in_and_keep();
}

void BlockRunner::leave() {
  if (admission_) {
    // Seen by the host: where the circuit stands still meanwhile, wires are to grow.
    set_state(wire::WorkerState::waiting_space);
    admission_->finish();
  }
  set_state(wire::WorkerState::waiting_input);
}

void BlockRunner::end_outputs() {
  leave();
  for (auto& output : outputs_) output->end();
  set_state(wire::WorkerState::finished);
}

bool BlockRunner::ended_itself() const {
  return BlockAccess::finished(block_) && !reached_limit() &&
         (call_limit_ == 0 || calls_ < call_limit_);
}

void BlockRunner::leave_to_begin_anew() {
  leave();
  states_.forget();
  set_state(wire::WorkerState::starting);
}

void BlockRunner::follow_predecessor() {
  Stamp next{0};
  for (const auto& output : outputs_) next = std::max(next, output->next_in_line());
  stamps_.follow(next);
}

void BlockRunner::set_state(wire::WorkerState state, Clock::time_point now) noexcept {
  wire::set_state(status_, state, now);
}

}  // namespace vcengine::detail
