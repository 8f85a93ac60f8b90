/// The host of one pool: sets up its pages in the order of the wire format, starts the processes,
/// kills them, and does what a host does about their deaths. [one thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tests/stress/role_processes.hpp"

namespace vcengine::test {

class StressHost final : public RoleProcesses {
 public:
  struct ReaderSpec {
    wire::Policy policy;
    std::uint32_t depth;
    Manners manners = Manners::good;
  };
  static constexpr Place kWriter = 0;

  /// Places: the writer, the readers, the observers, and one for a guest, a lossless reader that
  /// comes and goes while frames flow.
  StressHost(std::vector<ReaderSpec> readers, std::uint32_t observers,
             Manners writer = Manners::good, SleepsOn sleep = SleepsOn::futexes);

  void start();
  bool is_reader(Place place) const { return place > kWriter && place <= specs_.size(); }
  bool has_successor(Place place) const { return !is_observer(place); }
  bool is_observer(Place place) const { return place > specs_.size() && place < guest(); }
  Place guest() const { return places() - 1; }
  std::string name_of(Place place) const override;

  void start_observer(Place place);
  /// Asks it to go, and waits until it has.
  void stop_observer(Place place);

  /// A guest that has gone comes again in the next generation only: its place in the ring is used.
  bool may_join() const { return !is_in_ && left_in_ != generation_; }
  bool has_guest() const { return is_in_; }
  /// Throws DiedSoon.
  void join();
  void leave();
  /// The writer goes on in larger slots. Throws DiedSoon.
  void roll();

  /// SIGKILL, to all of them at once, then their burial.
  void kill(const std::vector<Place>& places);
  /// Of one that was killed by other means.
  void bury(Place place);
  /// Successors for the writer and the readers among them.
  void replace(const std::vector<Place>& places);
  /// A reader that nobody succeeds: its writer waits for it no longer.
  void give_up(Place place);
  /// Has this process moved frames since it was started?
  bool flows(Place place) const;
  /// Does anything move: the head, or a reader's next?
  std::uint64_t progress() const;
  std::uint64_t head() const { return newest().head.load(); }
  /// The writer ends; all readers come to the end with every frame accounted for.
  void end();

  std::uint64_t generations() const { return generation_; }

 private:
  void make_page(Place reader, std::uint64_t join);
  void make_generation();
  void set_up_writer();
  void set_up_reader(Place reader);
  void replace_writer();
  void take_over_writer();
  void take_over_reader(Place reader);
  void replace_reader(Place reader);
  void stop_observers();
  void hand_to_readers();
  void forget_drained_generations();
  /// Of those that have a place in the ring now.
  std::vector<Place> readers_here() const;
  const ReaderSpec& spec_of(Place reader) const;
  wire::WireLine& line_of(Place reader) { return line(reader - 1); }
  const wire::WriterPage& newest() const { return generations_.back().page(); }

  const std::vector<ReaderSpec> specs_;
  const Manners writer_manners_;
  wire::PoolConfig config_;
  std::deque<Generation> generations_;
  std::vector<Reader> readers_;  // and observers' pages
  std::uint64_t generation_ = 0;
  std::uint64_t handed_ = 0;  // the generation that readers were told of
  bool is_in_ = false;
  std::uint64_t left_in_ = 0;
};

}  // namespace vcengine::test
