#include "latest_inputs.hpp"

#include <algorithm>

namespace vcengine::detail {

using Status = wire::RingReader::Status;

void LatestInputs::clear() noexcept {
  for (auto& state : inputs_) state.input.port->clear();
}

void LatestInputs::take_over() {
  for (auto& state : inputs_) {
    state.input.reader->lose_unfinished();
    state.input.reader->let_go_inherited();
    state.input.reader->take_newest_again();
  }
}

std::vector<std::shared_ptr<wire::RingReader>> LatestInputs::readers() const {
  std::vector<std::shared_ptr<wire::RingReader>> readers;
  for (const auto& state : inputs_) readers.push_back(state.input.reader);
  return readers;
}

/// What is taken may be read in many calls: with none of them it is lost.
bool LatestInputs::take(WiredInput& input, const FrameHeader& header) {
  const bool taken = input.take(header, status_);
  input.reader->complete();
  return taken;
}

void LatestInputs::take_newest() {
  for (auto& state : inputs_) {
    auto& input = state.input;
    FrameHeader header;
    while (input.reader->peek(header) == Status::frame) {
      // The newest there was: a writer faster than this loop must not keep us in it.
      if (take(input, header)) break;
    }
  }
}

bool LatestInputs::advance_to(std::int64_t stamp) {
  bool certain = true;
  for (auto& state : inputs_) certain = advance(state, stamp) && certain;
  return certain;
}

bool LatestInputs::advance(State& state, std::int64_t stamp) {
  auto& input = state.input;
  const auto too_late = [&](std::int64_t of) { return input.feedback ? of >= stamp : of > stamp; };
  for (;;) {
    const auto bound = input.reader->bound();  // before the look
    FrameHeader header;
    switch (input.reader->peek(header)) {
      case Status::frame:
        if (too_late(header.stamp.count())) return true;
        // When it is taken depends on the moment, and whether it is seen does not: that is counted.
        if (state.unread) input.reader->disown(wire::DropReason::superseded);
        state.unread = take(input, header);
        break;
      case Status::ended:
        return true;
      default:
        return too_late(bound);
    }
  }
}

void LatestInputs::note_read() noexcept {
  for (auto& state : inputs_) state.unread = false;
}

bool LatestInputs::over_at(std::int64_t stamp) {
  bool any = false;
  for (auto& state : inputs_) {
    if (state.input.feedback) continue;
    any = true;
    FrameHeader header;
    const bool ended = state.input.reader->peek(header) == Status::ended;
    if (!ended || state.input.reader->bound() > stamp) return false;
  }
  return any;
}

}  // namespace vcengine::detail
