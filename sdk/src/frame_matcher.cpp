#include "frame_matcher.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace vcengine::detail {

namespace {

constexpr auto kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::int64_t FrameMatcher::State::from() const noexcept {
  switch (status) {
    case Status::frame:
      return front.stamp.count();
    case Status::ended:
      return kNever;
    default:
      return bound;
  }
}

FrameMatcher::FrameMatcher(std::vector<Input> inputs, SyncRule rule) : rule_(rule) {
  inputs_.reserve(inputs.size());
  for (auto& input : inputs) {
    auto& state = inputs_.emplace_back();
    state.reader = std::move(input.reader);
    state.may_miss = input.may_miss;
  }
}

FrameMatcher::Ready FrameMatcher::look(TimePoint now) {
  for (;;) {
    deadline_ = TimePoint::max();
    peek_all();
    update_horizon();
    const auto verdict = inputs_.size() == 1               ? match_one()
                         : rule_.by == SyncRule::By::order ? match_in_order()
                                                           : match_stamps(now);
    switch (verdict) {
      case Verdict::match: {
        auto earliest = kNever;
        for (const auto& input : inputs_) {
          if (input.matched) earliest = std::min(earliest, input.front.stamp.count());
        }
        stamp_ = Stamp{earliest};
        return Ready::yes;
      }
      case Verdict::undecided:
        return Ready::no;
      case Verdict::finished:
        // The last word of each input, which is the same in each run: whether we heard it before is
        // not.
        for (const auto& input : inputs_) horizon_ = std::max(horizon_, input.bound);
        return Ready::finished;
      case Verdict::again:
        break;
    }
  }
}

void FrameMatcher::peek_all() {
  for (auto& input : inputs_) {
    input.bound = input.reader->bound();  // before the look: what was published since is then seen
    input.status = input.reader->peek(input.front);
    input.matched = false;
  }
}

/// A match is as early as its earliest frame, and no input goes back. Where every input must take
/// part, it is also not much earlier than the latest of them. What has ended says nothing: the
/// block may still have something to send when all have (drain()).
void FrameMatcher::update_horizon() noexcept {
  auto earliest = kNever;
  std::int64_t latest = 0;
  for (const auto& input : inputs_) {
    if (input.ended()) continue;
    earliest = std::min(earliest, input.from());
    latest = std::max(latest, input.from());
  }
  if (earliest == kNever) return;
  horizon_ = std::max(horizon_, earliest);
  if (rule_.by == SyncRule::By::order || rule_.partial) return;
  horizon_ = std::max(horizon_, latest - rule_.tolerance.count());
}

FrameMatcher::Verdict FrameMatcher::match_one() {
  auto& input = inputs_.front();
  if (input.ended()) return Verdict::finished;
  input.matched = input.has_front();
  return input.matched ? Verdict::match : Verdict::undecided;
}

FrameMatcher::Verdict FrameMatcher::match_in_order() {
  const bool over = std::ranges::all_of(inputs_, &State::ended) ||
                    std::ranges::any_of(inputs_, [&](const State& input) {
                      return input.ended() && needed(input);
                    });
  if (over) {
    for (auto& input : inputs_) {
      for (; input.has_front(); input.status = input.reader->peek(input.front)) input.skip();
    }
    return Verdict::finished;
  }
  for (auto& input : inputs_) {
    if (!input.has_front() && !input.ended()) return Verdict::undecided;
    input.matched = input.has_front();
  }
  return Verdict::match;
}

/// The earliest front and all that lie within the tolerance after it, once it is certain which
/// these are.
FrameMatcher::Verdict FrameMatcher::match_stamps(TimePoint now) {
  State* earliest = nullptr;
  bool all_ended = true;
  for (auto& input : inputs_) {
    all_ended = all_ended && input.ended();
    if (input.has_front() && (earliest == nullptr || input.front.stamp < earliest->front.stamp)) {
      earliest = &input;
    }
  }
  if (all_ended) return Verdict::finished;
  if (earliest == nullptr) return Verdict::undecided;
  if (earliest->front.stamp < stamp_) {  // its match was made without it, when patience ended
    earliest->skip();
    return Verdict::again;
  }

  const auto last = earliest->front.stamp.count() + rule_.tolerance.count();
  bool uncertain = false;
  for (auto& input : inputs_) {
    input.matched = input.has_front() && input.from() <= last;
    if (input.matched) continue;
    if (input.from() <= last) {
      uncertain = true;
    } else if (needed(input)) {
      earliest->skip();
      return Verdict::again;
    }
  }
  if (!uncertain) return choose_nearest(out_of_patience(*earliest, now));
  if (!out_of_patience(*earliest, now)) return Verdict::undecided;
  const bool lacks = std::ranges::any_of(
      inputs_, [&](const State& input) { return !input.matched && needed(input); });
  if (lacks) {
    earliest->skip();
    return Verdict::again;
  }
  return choose_nearest(true);
}

/// A frame before the latest of the match gives way to its successor, if that is nearer.
FrameMatcher::Verdict FrameMatcher::choose_nearest(bool out_of_patience) {
  std::int64_t latest = 0;
  for (const auto& input : inputs_) {
    if (input.matched) latest = std::max(latest, input.front.stamp.count());
  }
  bool uncertain = false;
  for (auto& input : inputs_) {
    const auto distance = latest - input.front.stamp.count();
    if (!input.matched || distance == 0) continue;
    FrameHeader next;
    switch (input.reader->peek_next(next)) {
      case Status::frame:
        if (next.stamp.count() - latest < distance) {
          input.skip();
          return Verdict::again;
        }
        break;
      case Status::ended:
        break;
      default:
        uncertain = uncertain || input.bound < latest + distance;
    }
  }
  return uncertain && !out_of_patience ? Verdict::undecided : Verdict::match;
}

bool FrameMatcher::out_of_patience(const State& earliest, TimePoint now) {
  if (!rule_.wait) return false;
  if (waiting_input_ != &earliest || waits_for_partners_ != earliest.front.sequence) {
    waiting_input_ = &earliest;
    waits_for_partners_ = earliest.front.sequence;
    waits_since_ = now;
  }
  deadline_ = waits_since_ + *rule_.wait;
  return now >= deadline_;
}

}  // namespace vcengine::detail
