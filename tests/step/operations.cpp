#include "tests/step/operations.hpp"

#include <optional>

#include "tests/step/stepped_process.hpp"

namespace vcengine::test {

using namespace wire;
using Status = RingReader::Status;
using enum Policy;

namespace {

constexpr auto kForever = std::chrono::steady_clock::time_point::max();

void nothing(Cast&) {}

// What `act` works with. The stepped process has one of each, set in `prepare`: making it there
// keeps its instructions out of the steps.
FrameRef the_frame, the_last_frame;
std::uint32_t the_slot = 0, the_next_slot = 0;
std::vector<std::shared_ptr<RingReader>> the_readers;

void publish_in_parent(Cast& parent, int frames) {
  for (int i = 0; i < frames; ++i) parent.writer->publish_one();
}

Operation::Act publishing(int frames) {
  return [frames](Cast& parent) { publish_in_parent(parent, frames); };
}

/// Each of the parent's readers takes a frame and keeps so many of those before; then the next.
Operation::Act taking(std::vector<std::size_t> keep) {
  return [keep = std::move(keep)](Cast& parent) {
    for (const auto& reader : parent.readers) {
      for (const auto frames : keep) reader->take_one(frames);
    }
  };
}

/// Says so, and looks no more.
void sleep_in_parent(Cast& parent) {
  for (const auto& reader : parent.readers) reader->ring->announce_wait();
}

/// Takes all there is at the parent's readers and keeps the last one of each.
void take_in_parent(Cast& parent) {
  for (const auto& reader : parent.readers) {
    while (reader && reader->take_one(1) == Status::frame) {
    }
  }
}

void take_in_child(Cast& child) {
  if (child.readers[0]->take_one(1) != Status::frame) throw Violation("there is no frame to take");
}

void check_child_took(Cast& child) {
  if (!the_frame) throw Violation("there was a frame, and it was not taken");
  child.readers[0]->check_taken(std::move(the_frame));
  child.readers[0]->check_held();
}

Operation take(std::string name, std::vector<ReaderSpec> readers, int behind) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = false,
          .before = publishing(1),
          .prepare = take_in_child,
          .staged =
              [behind](Cast& parent) {
                take_in_parent(parent);
                publish_in_parent(parent, behind);
                take_in_parent(parent);
              },
          .act =
              [](Cast& child) {
                child.readers[0]->ring->take(the_frame);
                child.readers[0]->ring->complete();
              },
          .after = check_child_took};
}

Operation release(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = false,
          .before = publishing(1),
          .prepare =
              [](Cast& child) {
                take_in_child(child);
                the_frame = std::move(child.readers[0]->held.back());
                child.readers[0]->held.clear();
              },
          .staged = publishing(2),
          .act = [](Cast&) { the_frame.reset(); }};
}

Operation skip(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = false,
          .before = publishing(1),
          .prepare = take_in_child,
          .staged = publishing(2),
          .act = [](Cast& child) { child.readers[0]->skip_one(); }};
}

Operation wait_for_frames(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = false,
          .before = publishing(1),
          .prepare =
              [](Cast& child) {
                take_in_child(child);
                the_readers = {child.readers[0]->ring};
              },
          .staged = take_in_parent,
          .act =
              [](Cast& child) {
                FrameHeader header;
                const auto ready = [&] {
                  return child.readers[0]->ring->peek(header) != Status::empty;
                };
                while (!ready()) child.waiter().wait_for_frames(the_readers, ready, kForever);
              },
          .wake = publishing(1),
          .after =
              [](Cast& child) {
                if (child.readers[0]->ring->take(the_frame) != Status::frame) {
                  throw Violation("woken for a frame that is not there");
                }
                check_child_took(child);
              }};
}

/// A frame of the writer's own wires, of which one is held and one waits.
void write_some(Cast& child) {
  for (int i = 0; i < 2; ++i) child.writer->publish_one();
}

Operation publish(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare =
              [](Cast& child) {
                write_some(child);
                the_slot = child.writer->loan_filled();
              },
          .staged = taking({1}),
          .act =
              [](Cast& child) {
                child.writer->ring.publish(the_slot, header_of(child.writer->ring.head() + 1));
              },
          .publishes = 1};
}

/// A reader that sleeps has to be rung for.
Operation publish_to_sleepers(std::string name, std::vector<ReaderSpec> readers) {
  auto operation = publish(std::move(name), std::move(readers));
  operation.staged = [](Cast& parent) {
    take_in_parent(parent);
    sleep_in_parent(parent);
  };
  return operation;
}

/// No free slot is left, and of those in use some are held, some wait, some can be taken back.
Operation loan_with_reclaim(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare = write_some,
          .staged = taking({0, 1}),
          .act =
              [](Cast& child) {
                child.writer->publish_one();
                if (const auto slot = child.writer->ring.try_loan()) {
                  child.writer->ring.give_back(*slot);
                }
              },
          .publishes = 1};
}

/// What waits is pinned by the floor until it is taken, from then on by the hold. All other slots
/// are loaned, so that a loan has to look at it.
Operation loan_beside_waiting(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare =
              [](Cast& child) {
                write_some(child);
                child.writer->hoard();
              },
          .staged = nothing,
          .act = [](Cast& child) { child.writer->hoard(); },
          .after = [](Cast& child) { child.writer->give_back_all(); }};
}

Operation wait_for_space(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare =
              [](Cast& child) {
                while (child.writer->ring.has_space()) child.writer->publish_one();
              },
          .staged = nothing,
          .act =
              [](Cast& child) {
                auto& ring = child.writer->ring;
                const auto ready = [&ring] { return ring.has_space(); };
                while (!ready()) child.waiter().wait_for_space(ring, ready);
              },
          .wake = taking({0}),
          .after =
              [](Cast& child) {
                if (!child.writer->ring.has_space()) throw Violation("woken without space");
              }};
}

Operation advance_bound(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare = write_some,
          .staged = sleep_in_parent,
          .act = [](Cast& child) { child.writer->ring.advance_bound(3, true); }};
}

Operation end(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare = write_some,
          .staged = sleep_in_parent,
          .act = [](Cast& child) { child.writer->ring.end(); }};
}

/// A reader comes, and what is sent from there on waits for it, also while the host has not let it
/// in: then all slots that can be taken back are written to.
Operation let_reader_in(std::string name, std::vector<ReaderSpec> readers, Coming::Reader comer) {
  const bool newcomer = comer == Coming::Reader::newcomer;
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare =
              [](Cast& child) {
                write_some(child);
                the_slot = child.writer->loan_filled();
                the_next_slot = child.writer->loan_filled();
                auto& ring = child.writer->ring;
                fill(ring.slot_data(the_next_slot), ring.head() + 2);
                child.writer->hoard();
              },
          .staged =
              [newcomer](Cast& parent) {
                take_in_parent(parent);
                if (!newcomer) parent.bury_first_reader();
              },
          .act =
              [newcomer](Cast& child) {
                auto& ring = child.writer->ring;
                auto answer = ring.head() + 1;
                if (newcomer) {
                  answer = ring.add_reader(child.comer());
                } else {
                  ring.replace_reader(0, child.comer());
                }
                child.answer(answer);
                ring.publish(the_slot, header_of(ring.head() + 1));
                ring.publish(the_next_slot, header_of(ring.head() + 1));
                child.writer->hoard();
              },
          .after = [](Cast& child) { child.writer->give_back_all(); },
          .publishes = 2,
          .coming = {.reader = comer}};
}

/// A frame of the generation before is left, and one of the next is there.
Operation go_over(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = false,
          .before = publishing(1),
          .prepare =
              [](Cast& child) {
                take_in_child(child);
                child.readers[0]->held.clear();
                child.map_next();
              },
          .staged =
              [](Cast& parent) {
                take_in_parent(parent);
                publish_in_parent(parent, 1);
                parent.play_next_writer();
                publish_in_parent(parent, 1);
              },
          .act =
              [](Cast& child) {
                child.go_over();
                child.readers[0]->ring->take(the_last_frame);
                child.readers[0]->ring->complete();
                child.readers[0]->ring->take(the_frame);
              },
          .after =
              [](Cast& child) {
                if (!the_last_frame)
                  throw Violation("the last frame of a generation was not taken");
                child.readers[0]->check_taken(std::move(the_last_frame));
                check_child_took(child);
              },
          .coming = {.generation = true}};
}

/// The writer goes on in memory of its own making: as a successor does, or for larger frames.
Operation make_next(std::string name, std::vector<ReaderSpec> readers) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = true,
          .before = nothing,
          .prepare =
              [](Cast& child) {
                write_some(child);
                child.map_next();
              },
          .staged = taking({1, 1}),
          .act =
              [](Cast& child) {
                child.make_next();
                child.answer(1);
              },
          .after = [](Cast& child) { child.write_next(); },
          .coming = {.generation = true}};
}

/// Its predecessor had a frame in work and one more to take.
Operation take_over_reader(std::string name, std::vector<ReaderSpec> readers,
                           Unfinished unfinished) {
  return {.name = std::move(name),
          .readers = std::move(readers),
          .writes = false,
          .before = publishing(1),
          .prepare =
              [](Cast& child) {
                child.readers[0]->ring->take(the_frame);
                the_frame.abandon();
                child.readers[0].reset();
              },
          .staged = publishing(1),
          .act =
              [unfinished](Cast& child) {
                child.take_over_reader(0, unfinished);
                if (unfinished == Unfinished::taken_again) child.readers[0]->ring->take(the_frame);
                child.readers[0]->ring->let_go_inherited();
              },
          .after =
              [](Cast& child) {
                if (the_frame) child.readers[0]->check_taken(std::move(the_frame));
              },
          .unfinished = unfinished};
}

/// What it dies on is taken once more by who takes its page over.
Operation retried(Operation operation) {
  operation.unfinished = Unfinished::taken_again;
  return operation;
}

/// The host lets go of a reader that is waited for: before the first step, or, if that ends a
/// sleep, then.
Operation let_go(Operation operation) {
  const auto let_go_of_it = [](Cast& parent) { parent.let_go_of_reader(0); };
  if (operation.wake) {
    operation.wake = let_go_of_it;
  } else {
    operation.staged = [staged = operation.staged, let_go_of_it](Cast& parent) {
      let_go_of_it(parent);
      staged(parent);
    };
  }
  return operation;
}

/// More frames wait than the window of the pool covers: the floor alone pins them.
Operation deeper(Operation operation) {
  operation.before = [before = operation.before](Cast& parent) {
    parent.line(0).deeper.store(parent.files.config.spare);
    before(parent);
  };
  if (operation.writes) {
    operation.prepare = [](Cast& child) {
      while (child.writer->ring.has_space()) child.writer->publish_one();
    };
  }
  return operation;
}

}  // namespace

std::vector<Operation> operations() {
  using enum Coming::Reader;
  const std::vector<ReaderSpec> lossless{{wait, 2}}, latest{{drop_oldest, 1}},
      both{{wait, 2}, {drop_oldest, 1}}, both_latest_first{{drop_oldest, 2}, {wait, 2}},
      awaited{{wait_while_open, 2}}, awaited_and_latest{{wait_while_open, 2}, {drop_oldest, 1}};
  return {take("take_lossless", lossless, 2),
          retried(take("take_lossless_of_both", both, 2)),
          retried(deeper(take("take_lossless_deeper", lossless, 4))),
          take("take_latest", latest, 1),
          take("take_latest_overrun", latest, 3),
          take("take_latest_of_both", both_latest_first, 2),
          take("take_awaited", awaited, 2),
          let_go(take("take_let_go", awaited, 4)),
          release("release_lossless", lossless),
          release("release_latest", latest),
          skip("skip_lossless", lossless),
          skip("skip_latest", latest),
          let_go(skip("skip_let_go", awaited)),
          wait_for_frames("wait_for_frames_lossless", lossless),
          wait_for_frames("wait_for_frames_latest", latest),
          publish("publish_lossless", lossless),
          publish("publish_latest", latest),
          publish("publish_to_both", both),
          publish("publish_to_awaited", awaited_and_latest),
          let_go(publish("publish_to_let_go", awaited)),
          publish_to_sleepers("publish_to_sleepers", both),
          loan_with_reclaim("loan_with_reclaim_lossless", lossless),
          loan_with_reclaim("loan_with_reclaim_latest", latest),
          loan_with_reclaim("loan_with_reclaim_of_both", both),
          deeper(loan_with_reclaim("loan_with_reclaim_deeper", lossless)),
          loan_with_reclaim("loan_with_reclaim_awaited", awaited),
          let_go(loan_with_reclaim("loan_with_reclaim_let_go", awaited)),
          loan_beside_waiting("loan_beside_waiting", lossless),
          let_go(loan_beside_waiting("loan_beside_let_go", awaited)),
          wait_for_space("wait_for_space", lossless),
          wait_for_space("wait_for_space_of_both", both),
          wait_for_space("wait_for_space_awaited", awaited),
          let_go(wait_for_space("wait_for_space_let_go", awaited)),
          let_reader_in("add_reader_lossless", {{drop_oldest, 1}, {wait, 2}}, newcomer),
          let_reader_in("add_reader_latest", {{wait, 2}, {drop_oldest, 2}}, newcomer),
          let_reader_in("replace_reader_lossless", lossless, successor),
          let_reader_in("replace_reader_latest", latest, successor),
          go_over("succeed_lossless", lossless),
          go_over("succeed_latest", {{drop_oldest, 2}}),
          make_next("next_generation", both),
          advance_bound("advance_bound", both),
          end("end", both)};
}

std::vector<Operation> take_overs() {
  const std::vector<ReaderSpec> lossless{{wait, 2}}, latest{{drop_oldest, 1}},
      awaited{{wait_while_open, 2}};
  return {take_over_reader("take_over_lossless", lossless, Unfinished::lost),
          take_over_reader("take_over_and_retry", lossless, Unfinished::taken_again),
          take_over_reader("take_over_latest", latest, Unfinished::lost),
          take_over_reader("take_over_awaited", awaited, Unfinished::lost)};
}

}  // namespace vcengine::test
