#include "wired_input.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "vcengine/errors.hpp"
#include "vcengine/log.hpp"

namespace vcengine::detail {

bool WiredInput::take(const FrameHeader& front, wire::StatusPage& status,
                      std::chrono::steady_clock::time_point now) {
  if (!port->accepts(front.type)) {
    reader->skip(front.sequence, wire::DropReason::wrong_type);
    log_error("input '" + port->info().name + "' takes " + port->info().type + ", but frame " +
              std::to_string(front.sequence) + " is " + to_string(front.type) + "; it is dropped");
    return false;
  }
  FrameRef frame;
  port->clear();  // first: its place in the hold table is free again
  switch (reader->take(frame, front.sequence)) {
    case wire::RingReader::Status::too_many_held:
      throw TooManyHeld("the block keeps too many frames of input '" + port->info().name +
                        "'; clone() what it needs for longer");
    case wire::RingReader::Status::frame:
      break;
    default:
      return false;
  }
  // Who takes any frame sends it on, as a rule, and looks at none.
  if (port->info().type != "any") memory.after_take(frame);
  const auto age = now.time_since_epoch() - frame.header().born;
  reader->record_age(static_cast<std::uint64_t>(std::max<std::int64_t>(age.count(), 0)));
  try {
    port->arrive(std::move(frame));
  } catch (const FrameError& error) {
    wire::increment(status.exceptions);
    log_error("input '" + port->info().name + "': " + error.what() + "; it is dropped");
    return false;
  }
  return true;
}

}  // namespace vcengine::detail
