#include "ping_pong.hpp"

#include "samples.hpp"

namespace vcengine::bench {

double clock_cost() {
  std::vector<double> costs(2001);
  auto last = now_ns();
  for (auto& cost : costs) {
    const auto now = now_ns();
    cost = static_cast<double>(now - last);
    last = now;
  }
  return median(std::move(costs));
}

}  // namespace vcengine::bench
