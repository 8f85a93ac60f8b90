#include "tests/step/wire_trial.hpp"

#include <algorithm>
#include <string>

namespace vcengine::test {

using namespace wire;

namespace {

/// So many turns in which nobody could send or take anything: nobody will.
constexpr int kEnough = 8;

class WireTrial final : public Trial {
 public:
  explicit WireTrial(const Operation& operation)
      : operation_(operation),
        files_(operation.readers, operation.coming),
        parent_(files_, Cast::Access::host) {
    if (operation.writes) {
      parent_.play_reader(0);
    } else {
      parent_.play_writer();
    }
    for (std::size_t i = 1; i < files_.pages.size(); ++i) parent_.play_reader(i);
    operation.before(parent_);
    std::function<void()> wake;
    if (operation.wake) wake = [this] { operation_.wake(parent_); };
    start([this] { play_child(); }, std::move(wake));
    operation.staged(parent_);
    head_before_ = head();
    taken_before_ = taken();
    next_before_ = parent_.reader_page(0).next.load();
  }

  void meet(Fate fate) override {
    hear_answer();
    if (fate == Fate::frozen || fate == Fate::frozen_briefly) {
      freeze(operations_during(fate));
    } else if (operation_.writes) {
      kill_writer(fate);
    } else {
      kill_reader(fate);
    }
  }

 private:
  std::uint64_t head() const { return parent_.writer_page().head.load(); }

  /// By its page; what was lost in a crash, or is to be taken again, had been taken.
  std::int64_t taken() const {
    const auto& page = parent_.reader_page(0);
    const auto& lost = page.drops[static_cast<std::size_t>(DropReason::lost_in_crash)];
    const auto next = page.next.load();
    return parent_.taken_by_page(0) + static_cast<std::int64_t>(lost.load()) +
           static_cast<std::int64_t>(std::max(page.floor.load(), next) - next);
  }

  void play_child() const {
    Cast child(files_, operation_.writes ? Cast::Access::writer : Cast::Access::first_reader);
    if (operation_.writes) {
      child.play_writer();
    } else {
      child.play_reader(0);
    }
    operation_.prepare(child);
    begin_steps();
    operation_.act(child);
    end_steps();
    child.check_sleeps();
    if (operation_.after) operation_.after(child);
    child.finish();
  }

  /// The host lets in what comes, once the writer has said that it is ready.
  void hear_answer() {
    if (heard_ || parent_.answered() == 0) return;
    heard_ = true;
    if (operation_.coming.generation) {
      parent_.map_next();
      parent_.go_over();
    } else {
      parent_.let_in(parent_.answered());
    }
  }

  void go_on_alone(int operations) {
    int stuck = 0;
    for (int i = 0; i < operations && stuck < kEnough; ++i) {
      stuck = parent_.go_on_alone() ? 0 : stuck + 1;
    }
  }

  template <class Act>
  void for_each_reader(const Act& act) {
    for (const auto& reader : parent_.readers) {
      if (reader) act(*reader);
    }
  }

  void freeze(int operations) {
    go_on_alone(operations);
    for_each_reader([](Reading& reader) { reader.fall_asleep(); });
    run_to_end_of_steps();
    hear_answer();
    for_each_reader([](Reading& reader) { reader.wake_up(); });
    go_on_alone(operations);
    process_->let_go();
    try {
      parent_.finish();
    } catch (const Violation&) {
      process_->expect_success();  // what it complains of comes first
      throw;
    }
    process_->expect_success();
    if (parent_.writer) parent_.check_slots();
  }

  void kill_writer(Fate fate) {
    process_->kill();
    const auto published = head() - head_before_;
    if (published > operation_.publishes) {
      throw Violation(std::to_string(published) +
                      " frames were published by an operation that sends " +
                      std::to_string(operation_.publishes));
    }
    const auto comes = heard_ ? Coming::Reader::nobody : operation_.coming.reader;
    if (comes == Coming::Reader::successor) parent_.let_in(0);
    if (fate != Fate::killed) {
      if (fate == Fate::taken_over) {
        take_over_writer();
      } else {
        parent_.play_next_writer();
      }
      if (comes == Coming::Reader::newcomer) {
        parent_.let_in(parent_.writer->ring.add_reader(parent_.comer()));
      }
    } else {
      for (std::size_t i = 0; i < parent_.readers.size(); ++i) parent_.line(i).writer_gone.store(1);
    }
    parent_.ring_host_bell();
    parent_.finish();
    if (fate == Fate::taken_over) parent_.check_slots();
  }

  /// Who sleeps meanwhile hears of what its successor sends, as of anything.
  void take_over_writer() {
    for_each_reader([](Reading& reader) {
      while (reader.take_one(1) == RingReader::Status::frame) {
      }
      reader.fall_asleep();
    });
    parent_.take_over_writer();
    parent_.writer->scribble();
    if (parent_.writer_page().end.load() == 0) parent_.writer->go_on_alone();
    for_each_reader([](Reading& reader) { reader.wake_up(); });
    parent_.take_over_writer();  // from that one: what the first left, it has changed since
  }

  void kill_reader(Fate fate) {
    process_->kill();
    go_on_alone(kOperationsMeanwhile);  // until the host has reaped it
    const auto taken_meanwhile = taken() - taken_before_;
    if (taken_meanwhile < 0) {
      throw Violation("by its page, a reader took " + std::to_string(taken_meanwhile) +
                      " frames: it counted some as dropped before it passed them");
    }
    if (fate == Fate::taken_over) {
      take_over_reader();
    } else if (fate == Fate::succeeded) {
      parent_.line(0).alive.store(0);
      parent_.play_successor(0);
    } else {
      parent_.line(0).alive.store(0);
      parent_.line(0).gate.store(static_cast<std::uint32_t>(Gate::closed));
    }
    parent_.ring_host_bell();
    parent_.finish();
    parent_.check_slots();
  }

  /// What was in its hands is its writer's again at once, what was not taken stays as it is.
  void take_over_reader() {
    parent_.writer->fall_asleep();
    parent_.take_over_reader(0, operation_.unfinished);
    const auto& reader = *parent_.readers[0];
    const auto lost = reader.ring->dropped(DropReason::lost_in_crash);
    const auto passed = reader.policy == Policy::wait ? 0 : reader.join - next_before_;
    if (lost > std::max<std::uint64_t>(1, passed)) {
      throw Violation(std::to_string(lost) +
                      " frames were lost with a reader that had one in work");
    }
    if (reader.ring->is_to_take_again()) {
      parent_.writer->scribble();
      parent_.readers[0]->take_one();
    }
    reader.ring->let_go_inherited();
    parent_.writer->scribble();
    parent_.readers[0]->take_one();
    parent_.writer->wake_up();
  }

  const Operation& operation_;
  const PoolFiles files_;
  Cast parent_;
  bool heard_ = false;
  std::uint64_t head_before_ = 0;
  std::int64_t taken_before_ = 0;
  std::uint64_t next_before_ = 0;
};

}  // namespace

std::unique_ptr<Trial> make_trial(const Operation& operation) {
  return std::make_unique<WireTrial>(operation);
}

}  // namespace vcengine::test
