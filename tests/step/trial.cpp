#include "tests/step/trial.hpp"

#include <sched.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "tests/step/stepped_process.hpp"

namespace vcengine::test {

using namespace wire;
using Stop = SteppedProcess::Stop;

namespace {

constexpr int kOperationsMeanwhile = 300;
/// Enough for a slot to be used again, too few for its old entry in the ring to be overwritten.
constexpr int kFewOperations = 6;
/// So many turns in which nobody could send or take anything: nobody will.
constexpr int kEnough = 8;

/// next - join - drops, as the host computes it.
std::int64_t taken_by_page(const ReaderPage& page) {
  auto taken = static_cast<std::int64_t>(page.next.load() - page.header.join);
  for (const auto& drops : page.drops) taken -= static_cast<std::int64_t>(drops.load());
  return taken;
}

/// One place where fate may strike: before an instruction, or asleep in the one before.
struct Point {
  std::uint64_t instruction = 0;  // 0: can only be stepped to
  std::uint64_t time = 0;         // a loop comes by several times
};

class Trial {
 public:
  explicit Trial(const Operation& operation)
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
    process_.emplace([this] { play_child(); });
    operation.staged(parent_);
    head_before_ = head();
    taken_before_ = taken_by_page(parent_.reader_page(0));
  }

  /// The instructions of the operation, undisturbed.
  std::vector<Point> trace() {
    std::vector<Point> points;
    std::map<std::uint64_t, std::uint64_t> times;
    while (stop_ != Stop::end) {
      const auto next = process_->next_instruction();
      points.push_back({.instruction = next, .time = next != 0 ? ++times[next] : 0});
      step();
      // Two points: in the middle of the instruction that sleeps, and behind it.
      if (stop_ == Stop::asleep) points.push_back({});
    }
    points.pop_back();  // that one was in end_steps(), its signal on the way
    return points;
  }

  /// Goes to the k-th point, as far as possible without stopping. False if this run came to its end
  /// before: two may differ, as the clock does.
  bool go_to(const std::vector<Point>& points, std::size_t k) {
    auto from = k;
    while (from > 0 && points[from].instruction == 0) --from;
    if (points[from].instruction == 0) return step(k);
    std::function<void()> wake;
    if (operation_.wake) wake = [this] { operation_.wake(parent_); };
    return process_->go_to(points[from].instruction, points[from].time, wake) && step(k - from);
  }
  /// False if the operation has no more instructions.
  bool step(std::size_t times) {
    for (std::size_t i = 0; i < times && stop_ != Stop::end; ++i) step();
    return stop_ != Stop::end;
  }

  void meet(Fate fate) {
    hear_answer();
    if (fate == Fate::frozen) {
      freeze(kOperationsMeanwhile);
    } else if (fate == Fate::frozen_briefly) {
      freeze(kFewOperations);
    } else if (operation_.writes) {
      kill_writer(fate == Fate::succeeded);
    } else {
      kill_reader(fate == Fate::succeeded);
    }
  }

 private:
  void step() {
    if (stop_ == Stop::asleep) {
      operation_.wake(parent_);
      stop_ = process_->wait_for_step();
    } else {
      stop_ = process_->step(static_cast<bool>(operation_.wake));
    }
  }

  std::uint64_t head() const { return parent_.writer_page().head.load(); }

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
    if (stop_ == Stop::asleep) process_->wait_for_step();
    process_->run_to_end_of_steps();
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
    if (parent_.writer) check_slots();
  }

  void kill_writer(bool has_successor) {
    process_->kill();
    const auto published = head() - head_before_;
    if (published > operation_.publishes) {
      throw Violation(std::to_string(published) +
                      " frames were published by an operation that sends " +
                      std::to_string(operation_.publishes));
    }
    const auto comes = heard_ ? Coming::Reader::nobody : operation_.coming.reader;
    if (comes == Coming::Reader::successor) parent_.let_in(0);
    if (has_successor) {
      parent_.play_next_writer();
      if (comes == Coming::Reader::newcomer) {
        parent_.let_in(parent_.writer->ring.add_reader(parent_.comer()));
      }
    } else {
      for (std::size_t i = 0; i < parent_.readers.size(); ++i) parent_.line(i).writer_gone.store(1);
    }
    parent_.ring_host_bell();
    parent_.finish();
  }

  void kill_reader(bool has_successor) {
    process_->kill();
    go_on_alone(kOperationsMeanwhile);  // until the host has reaped it
    const auto taken = taken_by_page(parent_.reader_page(0)) - taken_before_;
    if (taken < 0) {
      throw Violation("by its page, a reader took " + std::to_string(taken) +
                      " frames: it counted some as dropped before it passed them");
    }
    parent_.line(0).alive.store(0);
    if (has_successor) {
      succeed();
    } else {
      parent_.line(0).gate.store(static_cast<std::uint32_t>(Gate::closed));
    }
    parent_.ring_host_bell();
    parent_.finish();
    check_slots();
  }

  /// Another reader in the place of the dead one. A lossless one goes on from its floor, for
  /// nothing above that was freed.
  void succeed() {
    const auto& spec = files_.specs[0];
    const auto depth = std::min<std::uint64_t>(head(), spec.depth);
    const auto newest = std::max(parent_.writer_page().valid_from.load(), head() + 1 - depth);
    const auto floor = parent_.reader_page(0).floor.load();
    parent_.play_successor(0, spec.policy == Policy::wait ? floor : newest);
  }

  /// Nobody holds or waits any more: only the window of the newest frames is not free.
  void check_slots() {
    std::uint32_t window = 1;
    for (const auto& spec : files_.specs) {
      if (spec.policy == Policy::drop_oldest) window = std::max(window, spec.depth);
    }
    const auto slots = files_.config.slots();
    const auto loaned = parent_.writer->loan_all();
    if (loaned == slots - window) return;
    throw Violation("of " + std::to_string(slots) + " slots " + std::to_string(loaned) +
                    " can be loaned when all but " + std::to_string(window) + " should");
  }

  const Operation& operation_;
  const PoolFiles files_;
  Cast parent_;
  std::optional<SteppedProcess> process_;
  Stop stop_ = Stop::stepped;
  bool heard_ = false;
  std::uint64_t head_before_ = 0;
  std::int64_t taken_before_ = 0;
};

/// Stepping is going back and forth between two processes: on one processor that takes a few
/// microseconds, on two it can take a hundred.
void stay_on_one_processor() {
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &here);
  ::sched_setaffinity(0, sizeof here, &here);
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return "killed";
    case Fate::succeeded:
      return "killed and succeeded";
    case Fate::frozen:
      return "frozen";
    case Fate::frozen_briefly:
      return "frozen briefly";
  }
  return "?";
}

Tried try_each_instruction(const Operation& operation, Fate fate, bool all) {
  stay_on_one_processor();
  Tried tried;
  const auto points = Trial(operation).trace();
  for (std::size_t k = 0; k < points.size(); ++k) {
    try {
      auto trial = std::make_unique<Trial>(operation);
      if (!trial->go_to(points, k)) {
        trial = std::make_unique<Trial>(operation);
        if (!trial->step(k)) continue;
      }
      ++tried.points;
      trial->meet(fate);
    } catch (const std::runtime_error& error) {
      if (dynamic_cast<const PtraceForbidden*>(&error) != nullptr) throw;
      tried.violations.push_back(std::string(to_string(fate)) + " after " + std::to_string(k) +
                                 " instructions: " + error.what());
      if (!all) break;
    }
  }
  return tried;
}

}  // namespace vcengine::test
