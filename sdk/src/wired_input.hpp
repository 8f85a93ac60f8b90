/// An input port and the wire that leads into it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "vcengine/port.hpp"
#include "wire/ring.hpp"
#include "wire/slot_memory.hpp"

namespace vcengine::detail {

struct WiredInput {
  InputBase* port;
  std::shared_ptr<wire::RingReader> reader;
  /// A Latest at the end of a loop: what it brings at a stamp is made of what its block sends at
  /// that stamp, so only what came before can be read.
  bool feedback = false;
  wire::ReaderSlotMemory memory{};

  /// Takes the frame just peeked at `now`; its port holds it then. False if it is not there any
  /// more, or cannot be read as the port's type: it is dropped then, counted and logged. Throws
  /// TooManyHeld, WireCorrupt.
  bool take(const FrameHeader& front, wire::StatusPage& status,
            std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
};

}  // namespace vcengine::detail
