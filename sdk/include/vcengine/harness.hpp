/// Tests a block without an engine: put frames in, step, take frames out.
///   BlockHarness<EdgeDetector> sut;
///   sut.set("low", 60);
///   sut.put<Bgr8>("image", picture);
///   sut.step();
///   auto edges = sut.take<Gray8>("edges");   // std::optional; **edges is the cv::Mat
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vcengine/block.hpp"
#include "vcengine/sync_rule.hpp"

namespace vcengine {

/// A frame taken from an output of the block under test.
template <class T>
class Taken {
 public:
  explicit Taken(FrameRef frame) : frame_(std::move(frame)), view_(FrameTraits<T>::view(frame_)) {}
  const typename FrameTraits<T>::View& operator*() const { return view_; }
  const typename FrameTraits<T>::View* operator->() const { return &view_; }
  const FrameHeader& header() const { return frame_.header(); }
  Stamp stamp() const { return header().stamp; }

 private:
  FrameRef frame_;
  typename FrameTraits<T>::View view_;
};

/// The part that needs no block type. Inputs queue up to 64 frames; every port is wired, an Inputs
/// with two wires ("images[0]", "images[1]") unless set_count() says otherwise.
///
/// Time is a fake clock that stands still but for advance() and the block's own sleep_for() and
/// pace(), which return at once: a test takes no longer than its work, and gives the same result
/// twice. What a loan holds before it is filled is rubbish on purpose (0xCD).
class AnyBlockHarness {
 public:
  explicit AnyBlockHarness(std::function<std::unique_ptr<Block>()> construct);
  ~AnyBlockHarness();

  /// Sets a setting; after the first step() as a running circuit does, between two calls of
  /// process(). Throws ParamError, and from then on what the block's check() throws.
  AnyBlockHarness& set(std::string_view param, ParamValue value);
  AnyBlockHarness& set_count(std::string_view inputs, std::size_t count);
  AnyBlockHarness& leave_unwired(std::string_view port);
  /// As `sync:` of the block in a circuit. Before the first frame.
  AnyBlockHarness& set_sync(SyncRule rule);

  /// Queues a frame. Without a stamp: 0 ms, 40 ms, 80 ms … for each input.
  void put_bytes(std::string_view input, FrameType type, std::array<std::uint32_t, 2> shape,
                 std::span<const std::byte> bytes, std::optional<Stamp> stamp);
  /// As in a circuit whose wire into `input` carries records of these fields.
  void set_record_fields(std::string_view input, std::vector<FieldInfo> fields);
  void end(std::string_view input);

  /// Declares and starts the block, as the first step() does by itself. Once; its exception passes.
  void start();
  /// Starts the block if need be, and runs process() once if its inputs are ready. False if they
  /// were not (or a source has finished). Exceptions of the block pass through.
  bool step();
  /// step() until it says false; the number of calls of process().
  std::size_t run();
  /// Calls drain() if the block finished by itself, then stop().
  void stop();

  /// As when its process dies between two calls and another one takes its place: the block is gone
  /// without a stop(), with it what it kept in members. Its successor has its settings and States,
  /// and goes on with the frames that wait; the next step() starts it. References to the block are
  /// void.
  void restart();

  /// Since the harness was made. Frames put without a time of birth of their own are born now.
  std::chrono::nanoseconds now() const noexcept;
  void advance(std::chrono::nanoseconds time);
  /// As in a circuit whose sources keep to their own rate: pace() sleeps (on the fake clock).
  AnyBlockHarness& set_paced(bool paced);
  /// As in a circuit with this clock: what the block's now() gives. `wall` (now() of the harness)
  /// unless set.
  AnyBlockHarness& set_clock(ClockKind kind);

  /// The next `count` loans of this output throw FrameError, as for a picture too large for it.
  /// publish(value) loans, too.
  void fail_loans(std::string_view output, std::size_t count = 1);
  /// As when the circuit is being stopped: stopping() is true, loans and waits throw Stopping.
  void begin_stop();
  /// What a loan holds before it is filled.
  void fill_loans(std::byte value) noexcept;

  std::optional<FrameRef> take_frame(std::string_view output);
  bool finished() const;
  std::string stop_reason() const;  ///< what the block said to stop_circuit(), or ""
  std::uint64_t dropped_unmatched(std::string_view input) const;

 protected:
  Block& any_block() noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

template <class B>
class BlockHarness : public AnyBlockHarness {
 public:
  BlockHarness() : AnyBlockHarness([] { return std::unique_ptr<Block>(std::make_unique<B>()); }) {}

  B& block() noexcept { return static_cast<B&>(any_block()); }

  template <class T, class Value>
  void put(std::string_view input, const Value& value, std::optional<Stamp> stamp = {}) {
    const auto put_encoded = [&](const auto& encoded) {
      put_bytes(input, encoded.type, encoded.shape, encoded.bytes, stamp);
    };
    if constexpr (detail::RecordLike<T>) set_record_fields(input, FrameTraits<T>::fields());
    put_encoded(FrameTraits<T>::encode(value));  // one expression: it may refer to a temporary
  }

  /// The oldest frame not yet taken, if any.
  template <class T>
  std::optional<Taken<T>> take(std::string_view output) {
    if (auto frame = take_frame(output)) return Taken<T>(std::move(*frame));
    return std::nullopt;
  }
};

}  // namespace vcengine
