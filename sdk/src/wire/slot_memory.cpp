#include "wire/slot_memory.hpp"

#include <algorithm>

#include "wire/segment.hpp"

namespace vcengine::wire {

void WriterSlotMemory::after_publish(std::uint64_t size, std::optional<std::uint32_t> fresh) {
  const auto needed = std::max(ring_.usual_slots(), fresh ? *fresh + 1 : 0);
  const auto first = size > size_ ? 0 : ready_;
  size_ = std::max(size_, size);
  ready_ = std::max(ready_, needed);
  for (auto slot = first; slot < ready_; ++slot) prefault({ring_.slot_data(slot), size_});
}

void ReaderSlotMemory::after_take(const FrameRef& frame) {
  const auto payload = frame.payload();
  if (payload.size() < kLargeFrame) return;
  auto& mapped = mapped_[frame.hold().origin];
  const auto slot = frame.hold().slot;
  if (slot >= mapped.size()) mapped.resize(slot + 1);
  if (mapped[slot] >= payload.size()) return;
  mapped[slot] = payload.size();
  map_in(payload);
}

}  // namespace vcengine::wire
