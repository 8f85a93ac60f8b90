/// Two pools: a block takes frames from one and sends them on over the other as they are.
#pragma once

#include "tests/step/roles.hpp"

namespace vcengine::test {

struct RelayFiles {
  /// `out`: the readers behind the forwarder.
  RelayFiles(wire::Policy in, const std::vector<wire::ReaderSpec>& out);

  static constexpr std::uint32_t kForwarded = 4;  ///< at once: what waits and what is held behind

  PoolFiles from, to;
};

/// Both pools as one process sees them, and the roles that it plays there.
class Relay {
 public:
  Relay(const RelayFiles& files, Cast::Access from_access, Cast::Access to_access)
      : from(files.from, from_access), to(files.to, to_access) {}

  void play_forwarder();
  /// Behind the forwarder.
  void play_reader(std::size_t reader);
  void play_successor_of_reader(std::size_t reader);
  /// The host has let the place of the dead one go: nobody reads any more what that sent on.
  void play_successor_of_forwarder();
  /// On the same pages. What the dead one held stays held while anybody may look at it.
  void take_over_forwarder();
  void take_over_reader(std::size_t reader);

  void send_on(FrameRef frame);
  /// False if there is nothing to send on, or no space.
  bool forward_one();
  /// Until its input ends; then its output does.
  void forward_to_end();

  bool go_on_alone();
  /// Beside another process: the origin, if played here, sends 50 more frames and the end, the
  /// forwarder all that comes; the readers read to the end and keep their last frames. Every frame
  /// is accounted for.
  void finish();
  /// Writes to every slot of the origin that is free, and looks at all that readers hold.
  void overwrite();
  /// The readers are done and the forwarder has gone: what it sent on is free in its origin.
  void let_go();

  Cast from, to;

 private:
  void allow_forwarding();
  void expect_sent_on(std::size_t reader);
  void let_go_inherited();
  bool go_on_to_end();

  std::uint64_t more_ = 50;  // for the origin to send in finish()
};

}  // namespace vcengine::test
