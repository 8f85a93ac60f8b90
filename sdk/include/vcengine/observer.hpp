/// Looks at a wire of a running circuit from outside, without costing the circuit anything.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "vcengine/frame.hpp"

namespace vcengine {

/// What an output has sent and what became of it. Each number is exact; together they are those of
/// one moment only while the wires are at rest.
struct OutputCounts {
  struct Wire {
    std::uint32_t wire = 0;  ///< index in the circuit, as the reader's page says
    bool waits = false;      ///< policy `wait`, else `drop_oldest`
    std::uint32_t depth = 0;
    std::uint64_t taken = 0;
    std::uint64_t superseded = 0, unmatched = 0, wrong_type = 0;  ///< dropped, by reason
    std::uint64_t in_flight = 0;  ///< published and neither taken nor dropped yet
    std::uint32_t held = 0;       ///< frames that the reader keeps now

    std::uint64_t dropped() const noexcept { return superseded + unmatched + wrong_type; }
  };

  std::uint64_t published = 0;
  std::vector<Wire> wires;  ///< in the order of Observer::Descriptors::reader_pages
};

/// Takes one of the places that every pool keeps for observers: a reader of policy `drop_oldest`
/// and depth 1, whose slots come on top of those that the wires need. It never blocks the writer,
/// never rings and never sleeps: whoever wants to wait looks again at a rate of his own. One
/// thread; frames may be let go on any other and may outlive the observer.
class Observer {
 public:
  /// Open files of the pool, as the host hands them out. They are mapped, not kept: close them at
  /// will.
  struct Descriptors {
    int writer_page = -1;
    int payload = -1;
    int own_page = -1;  ///< the place's reader page, the only one mapped for writing
    int host_page = -1;
    std::vector<int> reader_pages;  ///< of the wires to be counted; may be empty
  };

  /// `place` is the line of this place in the host's page. What an earlier observer left in the
  /// place is cleared; the host makes sure that this one is gone. Throws WireCorrupt,
  /// std::system_error.
  Observer(const Descriptors& descriptors, std::uint32_t place);
  ~Observer();
  Observer(Observer&&) noexcept;
  Observer& operator=(Observer&&) noexcept;

  /// The newest frame, if there is one that was not seen before. Throws TooManyHeld if more frames
  /// are kept than a place allows (four, unless the circuit was started otherwise), WireCorrupt.
  std::optional<FrameRef> newest();

  /// Nothing will come any more: the stream has ended or its writer is gone.
  bool ended();

  OutputCounts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vcengine
