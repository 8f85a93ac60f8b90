#include "wire_publish_cost.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <thread>

#include "payload.hpp"
#include "ping_pong.hpp"
#include "shared_wire.hpp"

namespace vcengine::bench {

namespace {

constexpr std::size_t kBlock = 2000;  // frames

double block_cost(Sender& sender) {
  const auto start = now_ns();
  for (std::size_t i = 0; i < kBlock; ++i) {
    sender.send(k64B.bytes, [&](std::byte* frame) {
      write_frame(frame, k64B.bytes, Touch::line, static_cast<std::int64_t>(i));
    });
  }
  return static_cast<double>(now_ns() - start) / kBlock;
}

void send_one(Sender& sender) {
  sender.send(k64B.bytes, [](std::byte* frame) { write_frame(frame, k64B.bytes, Touch::line, 0); });
}

void take_one_and_sleep(const SharedWire& wire) {
  Receiver receiver(wire, 0, Waiting::sleep);
  const auto frame = receiver.receive();
  receiver.receive();
}

void take_all(const SharedWire& wire) {
  Receiver receiver(wire, 0, Waiting::spin);
  while (receiver.receive()) {
  }
}

}  // namespace

PublishCosts wire_publish_costs(std::size_t blocks) {
  const auto wire_to = [](std::uint32_t readers) {
    return WireShape{.policy = wire::Policy::drop_oldest, .depth = 1, .readers = readers};
  };
  const SharedWire to_none(wire_to(0)), to_running(wire_to(1)), to_stopped(wire_to(1));
  const Shared<std::atomic<bool>> reader_is_stopped;
  const SharedArray<std::array<double, 3>> costs(blocks);
  const auto cores = two_cores().value();

  Processes processes;
  const auto producer = processes.start(cores[0], [&] {
    Sender none(to_none, Waiting::spin), running(to_running, Waiting::spin),
        stopped(to_stopped, Waiting::spin);
    send_one(stopped);  // for its reader to keep
    while (!*reader_is_stopped) std::this_thread::yield();
    const std::array senders{&none, &running, &stopped};
    for (auto* sender : senders) block_cost(*sender);
    for (auto& of_block : costs.span()) {
      for (std::size_t i = 0; i < senders.size(); ++i) of_block[i] = block_cost(*senders[i]);
    }
    running.end();
  });
  const auto reader = processes.start(cores[1], [&] { take_one_and_sleep(to_stopped); });
  while (!to_stopped.sleeps_with_a_frame(0)) std::this_thread::yield();
  ::kill(reader, SIGSTOP);
  processes.wait_until_stopped(reader);
  processes.start(cores[1], [&] { take_all(to_running); });
  *reader_is_stopped = true;
  processes.wait_for(producer);

  PublishCosts result;
  for (const auto& [none, running, stopped] : costs.span()) {
    result.no_reader.push_back(none);
    result.running.push_back(running);
    result.stopped.push_back(stopped);
  }
  return result;
}

}  // namespace vcengine::bench
