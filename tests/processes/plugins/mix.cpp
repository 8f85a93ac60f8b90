#include <chrono>
#include <cmath>
#include <cstdint>

#include <vcengine/block.hpp>

#include "tests/processes/mixed_bits.hpp"

namespace vcengine::test {

/// Does what blocks do, without pattern: skips frames, sends several at once, takes its time; all
/// of it by its inputs alone, so that the same frames give the same result.
struct Mix final : Block {
  Inputs<Number> in{this, "in", "Numbers, matched"};
  Latest<Number> steer{this, "steer", "A number without which some frames are not let through"};
  Out<Number> out{this, "out", "What they add up to, `most` times or less"};
  Out<Number> other{this, "other", "The same, sometimes"};
  Param<int> seed{this, "seed", {.init = 0}, "Other numbers give other decisions"};
  Param<int> most{
      this, "most", {.min = 0, .max = 3, .init = 1}, "Frames sent in one call, at most"};
  Param<bool> gate{this, "gate", {.init = false}, "Closed while `steer` says so"};
  Param<std::chrono::nanoseconds> pause{
      this, "pause", {}, "The longest time it takes over a frame"};

  void process() override {
    auto bits = mixed_bits(static_cast<std::uint64_t>(seed.get()));
    double sum = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (!in[i].has_value()) continue;
      sum += *in[i];
      bits = mixed_bits(bits ^ static_cast<std::uint64_t>(in[i].stamp().count()) ^ i);
    }
    if (pause->count() > 0) sleep_for(pause.get() * (bits % 4) / 3);
    if (gate && steer.has_value() && is_closed(*steer)) return;
    sum = std::fmod(sum + steer.value_or(0), 1e9);  // a loop does not run away
    for (auto left = (bits >> 8) % (static_cast<std::uint64_t>(most.get()) + 1); left > 0; --left)
      out.publish(sum);
    if ((bits >> 16) % 2 == 0) other.publish(sum);
  }

 private:
  /// Most of the time for several frames on end.
  static bool is_closed(double number) {
    return (static_cast<std::int64_t>(std::abs(number)) / 4) % 2 == 1;
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Mix>("test.mix", "Sends, skips and delays without pattern");
}
