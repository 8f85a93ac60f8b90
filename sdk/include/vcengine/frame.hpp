/// What travels on a wire: a header and a payload in a slot of the writer's pool.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vcengine {

/// Media time: position in a file or time of capture, never negative; blocks compute with this one.
using Stamp = std::chrono::nanoseconds;

/// CLOCK_MONOTONIC when the source made the frame; ages and latencies are measured from it.
using Born = std::chrono::nanoseconds;

enum class Family : std::uint32_t { none = 0, number, text, bytes, array, image, record };

/// Scalars an `Array<T>` may hold, as they stand in FrameType::element.
enum class Element : std::uint32_t { i8 = 1, u8, i16, u16, i32, u32, i64, u64, f32, f64 };

/// The format of one frame. `element` is OpenCV's type (CV_8UC3 …) for images, an Element for
/// arrays, a hash of the declared name for records, 0 otherwise.
struct FrameType {
  Family family = Family::none;
  std::uint32_t element = 0;

  friend bool operator==(const FrameType&, const FrameType&) = default;
};

/// For people: "image 8UC3", "array f32", "number".
std::string to_string(FrameType type);

struct FrameHeader {
  std::uint64_t sequence = 0;  ///< 1, 2, 3 … on each output, unique for the life of its wires
  FrameType type;
  std::uint64_t size = 0;                ///< bytes of payload
  std::array<std::uint32_t, 2> shape{};  ///< images: rows, columns; arrays: elements, 1
  Stamp stamp{0};
  Born born{0};
  std::uint64_t cause = 0;  ///< sequence of the frame that triggered it; 0 at a source
};

namespace detail {

class HoldOwner {
 public:
  virtual ~HoldOwner() = default;
  virtual void release_hold(std::size_t index) noexcept = 0;
};

/// One place of a reader's hold table, from take() to the last FrameRef's end.
struct Hold {
  std::atomic<std::uint32_t> references{0};
  FrameHeader header;
  const std::byte* payload = nullptr;
  std::size_t index = 0;
  std::shared_ptr<HoldOwner>
      owner;                 ///< set while referenced, so that kept frames outlive their port
  std::uint64_t origin = 0;  ///< names the memory that the payload is in
  std::uint32_t slot = 0;    ///< of that memory
};

}  // namespace detail

/// A counted reference to a frame in its slot, read-only. The slot is not reused before the last
/// reference is gone. A reference may be dropped on any thread.
class FrameRef {
 public:
  FrameRef() = default;
  explicit FrameRef(detail::Hold& hold) noexcept : hold_(&hold) { retain(); }
  FrameRef(const FrameRef& other) noexcept : hold_(other.hold_) { retain(); }
  FrameRef(FrameRef&& other) noexcept : hold_(std::exchange(other.hold_, nullptr)) {}
  FrameRef& operator=(FrameRef other) noexcept {
    std::swap(hold_, other.hold_);
    return *this;
  }
  ~FrameRef() { reset(); }

  explicit operator bool() const noexcept { return hold_ != nullptr; }
  const FrameHeader& header() const noexcept { return hold_->header; }
  std::span<const std::byte> payload() const noexcept {
    return {hold_->payload, static_cast<std::size_t>(hold_->header.size)};
  }

  void reset() noexcept {
    auto* hold = std::exchange(hold_, nullptr);
    if (hold != nullptr && hold->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      auto owner = std::move(hold->owner);
      owner->release_hold(hold->index);
    }
  }

  /// For the runner of the block, not for blocks.
  const detail::Hold& hold() const noexcept { return *hold_; }
  /// Forgets the frame without giving it back: others use it still when this process has ended.
  void abandon() noexcept {
    auto* hold = std::exchange(hold_, nullptr);
    if (hold != nullptr) hold->owner.reset();
  }

 private:
  void retain() noexcept {
    if (hold_ != nullptr) hold_->references.fetch_add(1, std::memory_order_relaxed);
  }

  detail::Hold* hold_ = nullptr;
};

/// A frame in memory of the block's own, for one that keeps more frames than a wire lends it, or
/// for longer.
struct FrameCopy {
  explicit FrameCopy(const FrameRef& frame)
      : header(frame.header()), payload(frame.payload().begin(), frame.payload().end()) {}

  FrameHeader header;
  std::vector<std::byte> payload;
};

}  // namespace vcengine
