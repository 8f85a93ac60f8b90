#include "wire_fan_out.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "payload.hpp"
#include "ping_pong.hpp"
#include "shared_wire.hpp"

namespace vcengine::bench {

namespace {

constexpr std::int64_t kInterval = 1'000'000;

double microseconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }

void produce(const SharedWire& wire, std::span<std::int64_t> costs) {
  Sender sender(wire, Waiting::sleep);
  auto due = now_ns();
  for (auto& cost : costs) {
    sleep_until(due += kInterval);
    const auto start = now_ns();
    sender.send(k64B.bytes,
                [&](std::byte* frame) { write_frame(frame, k64B.bytes, Touch::line, start); });
    cost = now_ns() - start;
  }
  sender.end();
}

void consume(const SharedWire& wire, std::size_t reader, std::span<std::int64_t> ages) {
  Receiver receiver(wire, reader, Waiting::sleep);
  for (auto& age : ages) {
    const auto frame = receiver.receive();
    age = now_ns() - read_frame(frame->payload().data(), k64B.bytes, Touch::line);
  }
}

}  // namespace

FanOut wire_fan_out(std::size_t readers, std::size_t count) {
  const auto warm_up = count / 10 + 5;
  const auto all = warm_up + count;
  const SharedWire wire({.readers = static_cast<std::uint32_t>(readers)});
  const SharedArray<std::int64_t> costs(all), ages(all * readers);
  Processes processes;
  for (std::size_t i = 0; i < readers; ++i) {
    processes.start({}, [&] { consume(wire, i, ages.span().subspan(i * all, all)); });
  }
  processes.start({}, [&] { produce(wire, costs.span()); });
  processes.wait();

  FanOut result;
  for (std::size_t frame = warm_up; frame < all; ++frame) {
    auto first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = 0;
    for (std::size_t i = 0; i < readers; ++i) {
      const auto age = ages[i * all + frame];
      first = std::min(first, age);
      last = std::max(last, age);
    }
    result.first.push_back(microseconds(first));
    result.last.push_back(microseconds(last));
    result.publish.push_back(microseconds(costs[frame]));
  }
  return result;
}

}  // namespace vcengine::bench
