#include <algorithm>
#include <deque>
#include <utility>
#include <vcengine/block.hpp>

namespace vcengine::flow {

/// A frame leaves with the first arrival that is `time` or more after its own, by the circuit's
/// clock, and takes that arrival's stamp: so the past can be joined with the present, of which it
/// then is a part. It keeps its time of birth, because that is how old it is. Where arrivals are
/// rare, several leave at one of them.
///
/// What is left when the data ends has no arrival to leave with: it leaves `time` after its own
/// stamp.
struct Delay final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{
      this,
      "out",
      {"in"},
      "Each of them once, in order, with the stamp of the frame that came when it left"};
  Param<std::chrono::nanoseconds> time{
      this,
      "time",
      {.max = std::chrono::hours{1}, .init = std::chrono::milliseconds{200}},
      "How long each frame is kept; all that came in this time are kept in memory: 28 MB for a "
      "second of 640x480 in colour at 30 a second"};

  void process() override {
    kept_.push_back({FrameCopy(*in), now()});
    const auto present = stamp();
    while (!kept_.empty() && kept_.front().came + time.get() <= now()) publish_oldest(present);
  }

  void drain() override {
    pace(now());  // from here on it waits by the circuit's clock
    auto last = stamp();
    while (!kept_.empty()) {
      const auto& oldest = kept_.front();
      pace(oldest.came + time.get());
      last = std::max(last, oldest.frame.header.stamp + time.get());
      publish_oldest(last);
    }
  }

 private:
  struct Kept {
    FrameCopy frame;
    Stamp came;  ///< on the circuit's clock
  };

  void publish_oldest(Stamp leaves) {
    const auto oldest = std::move(kept_.front());
    kept_.pop_front();  // first: one that cannot be sent must not hold up the others
    set_stamp(leaves, oldest.frame.header.born);
    out.publish(oldest.frame);
  }

  std::deque<Kept> kept_;
};

}  // namespace vcengine::flow

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::flow::Delay>("flow.delay", "Sends each frame on some time later",
                                      {.deterministic = true});
}
