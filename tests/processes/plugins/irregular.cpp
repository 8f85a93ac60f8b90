#include <chrono>
#include <cstdint>

#include <vcengine/block.hpp>

#include "tests/processes/mixed_bits.hpp"

namespace vcengine::test {

/// A source as files of variable rate and devices with gaps are.
struct Irregular final : Block {
  Latest<Number> steer{this, "steer", "Added to each number"};
  Out<Number> a{this, "a", "1, 2, 3 …, some of them missing, some sent more than once"};
  Out<Number> b{this, "b", "Likewise, others"};
  Param<int> count{this, "count", {.min = 1, .init = 10}, "How many there are"};
  Param<int> seed{this, "seed", {.init = 0}, "Other numbers give other decisions"};
  Param<int> most{this, "most", {.min = 1, .max = 3, .init = 1}, "How often one is sent, at most"};
  Param<bool> uneven{this, "uneven", {.init = true}, "Else they come when the engine says"};

  void process() override {
    if (sent_ == static_cast<std::uint64_t>(count.get())) return finish();
    const auto bits = mixed_bits((static_cast<std::uint64_t>(seed.get()) << 32) + ++sent_);
    time_ += std::chrono::milliseconds(1 + bits % 20);
    if (uneven) set_stamp(time_);
    const double number = static_cast<double>(sent_) + steer.value_or(0);
    const auto times = static_cast<std::uint64_t>(most.get()) + 1;
    for (auto left = (bits >> 8) % times; left > 0; --left) a.publish(number);
    for (auto left = (bits >> 16) % times; left > 0; --left) b.publish(number);
  }

 private:
  std::uint64_t sent_ = 0;
  Stamp time_{0};
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Irregular>("test.irregular", "Counts at uneven times");
}
