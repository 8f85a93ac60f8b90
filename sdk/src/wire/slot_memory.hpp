/// Memory for slots before somebody has to wait for it: to touch a fresh page costs more than to
/// copy a warm one. Small frames are not worth a call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "vcengine/frame.hpp"
#include "wire/ring.hpp"

namespace vcengine::wire {

class WriterSlotMemory {
 public:
  explicit WriterSlotMemory(const RingWriter& ring) : ring_(ring) {}

  /// When a large frame of `size` bytes is on its way: sees to those slots that others like it are
  /// usually written to, and to `fresh`, which is next (RingWriter::fresh_slot()).
  void after_publish(std::uint64_t size, std::optional<std::uint32_t> fresh);

 private:
  const RingWriter& ring_;
  std::uint64_t size_ = 0;   // of the slots that have their memory
  std::uint32_t ready_ = 0;  // their number: from 0 on
};

class ReaderSlotMemory {
 public:
  /// A frame was taken: what is in its slot can be read without a fault from now on.
  void after_take(const FrameRef& frame);

 private:
  std::map<std::uint64_t, std::vector<std::uint64_t>> mapped_;  // bytes, by origin and slot
};

}  // namespace vcengine::wire
