#include "tests/step/relay_operations.hpp"

namespace vcengine::test {

using namespace wire;

namespace {

class RelayTrial final : public Trial {
 public:
  explicit RelayTrial(const RelayOperation& operation)
      : operation_(operation),
        files_(operation.in, operation.out),
        parent_(files_, Cast::Access::host, Cast::Access::host) {
    parent_.from.play_writer();
    if (!operation.forwards) parent_.play_forwarder();
    for (std::size_t i = operation.forwards ? 0 : 1; i < operation.out.size(); ++i) {
      parent_.play_reader(i);
    }
    operation.before(parent_);
    start([this] { play_child(); });
    operation.staged(parent_);
    head_before_ = head();
  }

  void meet(Fate fate) override {
    if (fate == Fate::frozen || fate == Fate::frozen_briefly) {
      freeze(operations_during(fate));
    } else if (operation_.forwards) {
      kill_forwarder(fate);
    } else {
      kill_reader(fate);
    }
    parent_.overwrite();
    parent_.let_go();
    parent_.from.check_slots();
  }

 private:
  std::uint64_t head() const { return parent_.to.writer_page().head.load(); }

  void play_child() const {
    using enum Cast::Access;
    if (operation_.forwards) {
      Relay child(files_, first_reader, writer);
      child.play_forwarder();
      run_steps(child);
      child.forward_to_end();
    } else {
      Relay child(files_, onlooker, first_reader);
      child.play_reader(0);
      run_steps(child);
      child.to.finish();
    }
  }

  void run_steps(Relay& child) const {
    operation_.prepare(child);
    begin_steps();
    operation_.act(child);
    end_steps();
    operation_.after(child);
  }

  void go_on_alone(int operations) {
    for (int i = 0; i < operations; ++i) parent_.go_on_alone();
  }

  template <class Act>
  void for_each_reader(const Act& act) {
    for (const auto& reader : parent_.to.readers) {
      if (reader) act(*reader);
    }
  }

  void freeze(int operations) {
    go_on_alone(operations);
    for_each_reader([](Reading& reader) { reader.fall_asleep(); });
    run_to_end_of_steps();
    for_each_reader([](Reading& reader) { reader.wake_up(); });
    go_on_alone(operations);
    process_->let_go();
    try {
      parent_.finish();
    } catch (const Violation&) {
      process_->hear_complaint();  // which comes first
      throw;
    }
    process_->expect_success();
  }

  void kill_forwarder(Fate fate) {
    process_->kill();
    go_on_alone(kOperationsMeanwhile);  // until the host has reaped it
    if (const auto published = head() - head_before_; published > 1) {
      throw Violation("one frame was sent on and " + std::to_string(published) + " came");
    }
    if (fate == Fate::taken_over) {
      for (int times = 0; times < 2; ++times) {  // the second successor is that of the first
        parent_.take_over_forwarder();
        parent_.forward_one();
        parent_.overwrite();
      }
    } else if (fate == Fate::succeeded) {
      // Its place is its successor's once nobody reads any more what it sent on.
      parent_.overwrite();
      for_each_reader([](Reading& reader) { reader.held.clear(); });
      parent_.from.line(0).alive.store(0);
      parent_.play_successor_of_forwarder();
    } else {
      parent_.from.line(0).gate.store(static_cast<std::uint32_t>(Gate::closed));
      for (std::size_t i = 0; i < operation_.out.size(); ++i) {
        parent_.to.line(i).writer_gone.store(1);
      }
    }
    go_on_alone(kOperationsMeanwhile);
    parent_.finish();
    if (fate == Fate::taken_over && parent_.from.readers[0]->ring->holds_inherited()) {
      throw Violation("what was sent on by one that is dead is held for ever");
    }
  }

  void kill_reader(Fate fate) {
    process_->kill();
    go_on_alone(kOperationsMeanwhile);  // until the host has reaped it
    if (fate == Fate::taken_over) {
      parent_.take_over_reader(0);
    } else if (fate == Fate::succeeded) {
      parent_.to.line(0).alive.store(0);
      parent_.play_successor_of_reader(0);
    } else {
      parent_.to.line(0).alive.store(0);
      parent_.to.line(0).gate.store(static_cast<std::uint32_t>(Gate::closed));
    }
    parent_.finish();
  }

  const RelayOperation& operation_;
  const RelayFiles files_;
  Relay parent_;
  std::uint64_t head_before_ = 0;
};

}  // namespace

std::unique_ptr<Trial> make_trial(const RelayOperation& operation) {
  return std::make_unique<RelayTrial>(operation);
}

}  // namespace vcengine::test
