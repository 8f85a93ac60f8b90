#include "tests/step/relay_operations.hpp"

#include <algorithm>
#include <utility>

namespace vcengine::test {

using namespace wire;
using Status = RingReader::Status;
using enum Policy;

namespace {

// What `act` works with; see operations.cpp.
FrameRef the_frame;

void take_frame(Cast& at) {
  if (at.readers[0]->ring->take(the_frame) != Status::frame) {
    throw Violation("there is no frame to take");
  }
}

void publish_at_origin(Relay& parent, int frames) {
  for (int i = 0; i < frames; ++i) parent.from.writer->publish_one();
}

void send_on_in_parent(Relay& parent, int frames) {
  publish_at_origin(parent, frames);
  while (parent.forward_one()) {
  }
}

/// Each of the parent's readers takes all there is and keeps the two last frames.
void take_in_parent(Relay& parent) {
  for (const auto& reader : parent.to.readers) {
    while (reader && reader->take_one(1) == Status::frame) {
    }
  }
}

void let_go_in_parent(Relay& parent) {
  take_in_parent(parent);
  for (const auto& reader : parent.to.readers) reader->held.clear();
}

/// One frame was sent on before, and a frame of the forwarder's own before that: so the sequences
/// of both pools differ, the same number is older in the origin.
RelayOperation forward(std::string name, Policy in, std::vector<ReaderSpec> out) {
  return {.name = std::move(name),
          .in = in,
          .out = std::move(out),
          .forwards = true,
          .before = [](Relay& parent) { publish_at_origin(parent, 2); },
          .prepare =
              [](Relay& child) {
                child.to.writer->publish_one();
                child.forward_one();
                take_frame(child.from);
              },
          .staged =
              [](Relay& parent) {
                take_in_parent(parent);
                publish_at_origin(parent, 2);
              },
          .act =
              [](Relay& child) {
                child.send_on(std::move(the_frame));
                child.from.readers[0]->ring->complete();
              },
          .after = [](Relay&) {}};
}

/// Nobody can come to the frame that was sent on before.
RelayOperation forward_and_let_go(std::string name, std::vector<ReaderSpec> out) {
  auto operation = forward(std::move(name), wait, std::move(out));
  operation.staged = let_go_in_parent;
  operation.after = [](Relay& child) {
    const auto held = std::ranges::count_if(child.from.reader_page(0).hold,
                                            [](const auto& hold) { return hold.load() != 0; });
    if (held != 1) {
      throw Violation("of the frames that were sent on " + std::to_string(held) +
                      " are held, not the last alone");
    }
  };
  return operation;
}

RelayOperation take(std::string name, std::vector<ReaderSpec> out, int behind) {
  return {.name = std::move(name),
          .in = wait,
          .out = std::move(out),
          .forwards = false,
          .before = [](Relay& parent) { send_on_in_parent(parent, 1); },
          .prepare =
              [](Relay& child) {
                if (child.to.readers[0]->take_one(1) != Status::frame) {
                  throw Violation("there is no frame to take");
                }
              },
          .staged =
              [behind](Relay& parent) {
                take_in_parent(parent);
                send_on_in_parent(parent, behind);
              },
          .act =
              [](Relay& child) {
                child.to.readers[0]->ring->take(the_frame);
                child.to.readers[0]->ring->complete();
              },
          .after =
              [](Relay& child) {
                if (!the_frame) throw Violation("there was a frame, and it was not taken");
                child.to.readers[0]->check_taken(std::move(the_frame));
                child.to.readers[0]->check_held();
              }};
}

RelayOperation release(std::string name, std::vector<ReaderSpec> out) {
  auto operation = take(std::move(name), std::move(out), 2);
  operation.prepare = [](Relay& child) {
    auto& reader = *child.to.readers[0];
    if (reader.take_one(1) != Status::frame) throw Violation("there is no frame to take");
    the_frame = std::move(reader.held.back());
    reader.held.clear();
  };
  operation.act = [](Relay&) { the_frame.reset(); };
  operation.after = [](Relay&) {};
  return operation;
}

}  // namespace

std::vector<RelayOperation> relay_operations() {
  const std::vector<ReaderSpec> lossless{{wait, 2}}, latest{{drop_oldest, 1}},
      both{{wait, 2}, {drop_oldest, 1}};
  return {forward("forward_lossless", wait, lossless),
          forward("forward_to_latest", wait, latest),
          forward("forward_of_latest", drop_oldest, lossless),
          forward("forward_to_both", drop_oldest, both),
          forward_and_let_go("forward_and_let_go", lossless),
          forward_and_let_go("forward_to_latest_and_let_go", latest),
          take("take_forwarded_lossless", lossless, 1),
          take("take_forwarded_latest", latest, 1),
          take("take_forwarded_latest_overrun", latest, 3),
          take("take_forwarded_of_both", both, 1),
          release("release_forwarded", lossless)};
}

}  // namespace vcengine::test
