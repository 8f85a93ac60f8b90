#include "wire_rate.hpp"

#include <atomic>

#include "payload.hpp"
#include "ping_pong.hpp"
#include "shared_wire.hpp"

namespace vcengine::bench {

namespace {

struct Seen {
  std::atomic<bool> ready;          ///< before that, a drop_oldest wire would lose what it counts
  std::int64_t begin = 0, end = 0;  ///< when the writer published the first and the last that count
  std::uint64_t taken = 0;          ///< of those that count
};

void write_all(const SharedWire& wire, const RateQuestion& question, std::size_t warm_up,
               std::size_t count, Seen& seen) {
  Sender sender(wire, Waiting::rest);
  while (!seen.ready) {
  }
  for (std::size_t i = 0; i < warm_up + count; ++i) {
    if (i == warm_up) seen.begin = now_ns();
    sender.send(question.size.bytes, [&](std::byte* frame) {
      write_frame(frame, question.size.bytes, question.touch, static_cast<std::int64_t>(i));
    });
  }
  seen.end = now_ns();
  sender.end();
}

void read_all(const SharedWire& wire, const RateQuestion& question, std::size_t warm_up,
              Seen& seen) {
  Receiver receiver(wire, 0, Waiting::rest);
  seen.ready = true;
  while (const auto frame = receiver.receive()) {
    read_frame(frame->payload().data(), question.size.bytes, question.touch);
    if (frame->header().sequence > warm_up) ++seen.taken;
  }
}

}  // namespace

Rate wire_rate(const RateQuestion& question, std::size_t count) {
  const SharedWire wire(
      {.frame_bytes = question.size.bytes, .policy = question.policy, .depth = question.depth});
  const Shared<Seen> seen;
  const auto warm_up = count / 10;
  const auto cores = two_cores().value();
  Processes processes;
  processes.start(cores[0], [&] { write_all(wire, question, warm_up, count, *seen); });
  processes.start(cores[1], [&] { read_all(wire, question, warm_up, *seen); });
  processes.wait();
  const auto seconds = static_cast<double>(seen->end - seen->begin) / 1e9;
  return {.published = static_cast<double>(count) / seconds,
          .taken = static_cast<double>(seen->taken) / seconds};
}

}  // namespace vcengine::bench
