#include "tests/step/relay.hpp"

#include <sched.h>

#include <chrono>
#include <string>
#include <utility>

#include "tests/step/stepped_process.hpp"

namespace vcengine::test {

using namespace wire;
using Status = RingReader::Status;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kWatchdog{60};
constexpr std::uint32_t kDepth = 4;

PoolConfig read_by_forwarder() {
  auto shape = PoolFiles::small_pool();
  shape.pool = 1;
  // As in a circuit: and as many again for what a predecessor held.
  shape.more_holds = shape.holds + RelayFiles::kForwarded;
  shape.most_holds = shape.holds + shape.more_holds;
  return shape;
}

PoolConfig behind_forwarder() {
  auto shape = PoolFiles::small_pool();
  shape.pool = 2;
  return shape;
}

}  // namespace

RelayFiles::RelayFiles(Policy in, const std::vector<ReaderSpec>& out)
    : from({{in, kDepth}}, {}, read_by_forwarder()), to(out, {}, behind_forwarder()) {}

void Relay::play_forwarder() {
  from.play_reader(0);
  to.play_writer();
  allow_forwarding();
}

void Relay::allow_forwarding() {
  to.writer->ring.allow_forwarding(
      {.origins = {from.payload().origin}, .frames = RelayFiles::kForwarded});
}

void Relay::play_reader(std::size_t reader) {
  to.play_reader(reader);
  expect_sent_on(reader);
}

void Relay::play_successor_of_reader(std::size_t reader) {
  to.play_successor(reader);
  expect_sent_on(reader);
}

void Relay::take_over_reader(std::size_t reader) {
  to.take_over_reader(reader);
  expect_sent_on(reader);
  to.readers[reader]->ring->let_go_inherited();
}

void Relay::expect_sent_on(std::size_t reader) {
  to.readers[reader]->ring->add_origin(from.payload());
  to.readers[reader]->expect_sent_on();
}

void Relay::play_successor_of_forwarder() {
  from.play_successor(0);
  to.play_next_writer();
  allow_forwarding();
}

void Relay::take_over_forwarder() {
  from.take_over_reader(0);
  to.take_over_writer();
  allow_forwarding();
}

/// As a block does before it looks for a frame.
void Relay::let_go_inherited() {
  auto& in = *from.readers[0]->ring;
  if (in.holds_inherited() && !to.writer->ring.inherited_in_use()) in.let_go_inherited();
}

void Relay::send_on(FrameRef frame) {
  auto& ring = to.writer->ring;
  const auto header = frame.header();
  if (ring.may_forward(frame)) {
    ring.forward(std::move(frame), header);
    return;
  }
  const auto slot = to.writer->loan_filled();
  fill(ring.slot_data(slot), static_cast<std::uint64_t>(header.stamp.count()));
  ring.publish(slot, header);
}

bool Relay::forward_one() {
  let_go_inherited();
  if (!to.writer->ring.has_space()) return false;
  FrameRef frame;
  const auto status = from.readers[0]->ring->take(frame);
  if (status == Status::too_many_held) {
    throw Violation("what was sent on is held for ever: no place for another frame");
  }
  if (status != Status::frame) return false;
  send_on(std::move(frame));
  from.readers[0]->ring->complete();
  return true;
}

void Relay::forward_to_end() {
  const auto& in = from.readers[0]->ring;
  const std::vector<std::shared_ptr<RingReader>> wires{in};
  auto& out = to.writer->ring;
  FrameHeader header;
  const auto has_frame = [&] { return in->peek(header) != Status::empty; };
  const auto has_space = [&] { return out.has_space(); };
  for (;;) {
    while (!has_frame()) from.waiter().wait_for_frames(wires, has_frame, Clock::time_point::max());
    if (in->peek(header) == Status::ended) break;
    while (!has_space()) from.waiter().wait_for_space(out, has_space);
    from.check_sleeps();
    forward_one();
  }
  out.end();
}

bool Relay::go_on_alone() {
  bool moved = from.writer && from.writer->go_on_alone();
  if (to.writer) moved = forward_one() || moved;
  for (const auto& reader : to.readers) {
    if (reader && reader->take_one(1) == Status::frame) moved = true;
  }
  return moved;
}

void Relay::finish() {
  for (const auto due = Clock::now() + kWatchdog; !go_on_to_end();) {
    if (Clock::now() > due) throw Violation("frames are sent on no more");
    ::sched_yield();  // somebody else's turn
  }
  const auto head = to.writer_page().head.load();
  for (const auto& reader : to.readers) {
    if (reader) reader->check_accounts(head);
  }
}

/// True once all that are played here are at their end.
bool Relay::go_on_to_end() {
  bool all = true;
  if (from.writer && from.writer_page().end.load() == 0) {
    all = false;
    if (more_ == 0) {
      from.writer->ring.end();
    } else if (from.writer->ring.has_space()) {
      from.writer->publish_one();
      --more_;
    }
  }
  if (to.writer && to.writer_page().end.load() == 0) {
    all = false;
    FrameHeader header;
    if (!forward_one() && from.readers[0]->ring->peek(header) == Status::ended) {
      to.writer->ring.end();
    }
  }
  for (const auto& reader : to.readers) {
    if (!reader) continue;
    auto status = Status::frame;
    while (status == Status::frame) status = reader->take_one(1);
    all = all && status == Status::ended;
  }
  return all;
}

void Relay::overwrite() {
  from.writer->hoard();
  for (const auto& reader : to.readers) {
    if (reader) reader->check_held();
  }
  from.writer->give_back_all();
}

void Relay::let_go() {
  for (const auto& reader : to.readers) {
    if (reader) reader->held.clear();
  }
  to.writer.reset();
  from.line(0).alive.store(0);
}

}  // namespace vcengine::test
