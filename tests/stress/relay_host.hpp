/// The host of two pools and the process that sends frames on from one over the other: kills it,
/// and who reads or writes there, and does what a host does about their deaths. [one thread]
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "tests/stress/role_processes.hpp"

namespace vcengine::test {

class RelayHost final : public RoleProcesses {
 public:
  static constexpr Place kSource = 0;
  static constexpr Place kForwarder = 1;  // the readers behind it follow

  explicit RelayHost(SleepsOn sleep);

  void start();
  std::string name_of(Place place) const override;
  /// SIGKILL, to all of them at once, then their burial.
  void kill(const std::vector<Place>& places);
  void replace(const std::vector<Place>& victims);
  bool has_successor(Place) const { return true; }
  bool flows(Place place) const;
  /// Of what the forwarder sends.
  std::uint64_t head() const { return to_.back().page().head.load(); }
  std::uint64_t sources() const { return from_config_.generation; }
  std::uint64_t forwarders() const { return to_config_.generation; }
  /// By the last forwarder; after end().
  std::uint64_t forwarded() const { return forwarded_; }
  std::uint64_t copied() const { return copied_; }
  /// The source ends; all that it sent comes to the end, and every frame is accounted for.
  void end();

 private:
  void make_page(Place reader, std::uint64_t join);
  void make_generation(std::deque<Generation>& generations, wire::PoolConfig& config);
  std::uint64_t join_of_successor(Place reader, const wire::WriterPage& page) const;
  void set_up_source();
  void set_up_forwarder();
  void set_up_reader(Place reader);
  void replace_source();
  void replace_forwarder();
  void replace_reader(Place reader, bool has_writer);
  void take_over_source();
  void take_over_forwarder();
  void take_over_reader(Place reader);
  /// Until nobody reads any more what the dead forwarder sent on.
  void drain();
  void forget_drained_generations();

  wire::PoolConfig from_config_, to_config_;
  std::deque<Generation> from_, to_;  // the oldest that are of use, and those behind
  std::vector<Reader> readers_;       // by place
  std::uint64_t forwarded_ = 0, copied_ = 0;
};

}  // namespace vcengine::test
