#include <algorithm>
#include <cmath>
#include <optional>
#include <vcengine/block.hpp>

namespace vcengine::flow {

/// Goes by the circuit's clock: by real time, or (`clock: media`, `--offline`) by the stamps, and
/// then lets the same frames through in each run.
///
/// One becomes due a period after the last one was, not after it came: from 30 frames a second a
/// throttle of 20 takes two of three, where it would take each second one if it waited a whole
/// period from each. After a pause it does not make up for what did not come.
struct Throttle final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{
      this, "out", {"in"}, "At most as many a second as 'rate' says, the first one always"};
  Param<double> rate{
      this, "rate", {.min = 0.001, .max = 100000, .init = 10}, "Frames a second at most"};
  State<std::optional<Stamp>> last_due{this, "last_due"};

  void process() override {
    const auto time = now();
    // Rounded down, so that a source of the same rate passes whole.
    const Stamp period{static_cast<std::int64_t>(std::floor(1e9 / rate))};
    const auto last = last_due.get();
    if (last && time < *last + period) return;
    last_due = last && time < *last + 2 * period ? *last + period : time;
    out.publish(in);
  }
};

}  // namespace vcengine::flow

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::flow::Throttle>(
      "flow.throttle", "Lets at most so many frames a second through", {.deterministic = true});
}
