/// The base of every block, and all a block without pictures needs to include.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vcengine/clock.hpp"
#include "vcengine/errors.hpp"
#include "vcengine/frame.hpp"
#include "vcengine/log.hpp"
#include "vcengine/param.hpp"
#include "vcengine/port.hpp"
#include "vcengine/registry.hpp"
#include "vcengine/state.hpp"
#include "vcengine/types.hpp"

namespace vcengine {

namespace detail {

/// What a running block asks of its surroundings: a worker of a circuit, or a BlockHarness.
class Runtime {
 public:
  virtual ~Runtime() = default;
  virtual std::chrono::steady_clock::time_point now() const noexcept {
    return std::chrono::steady_clock::now();
  }
  virtual CircuitClock clock() const noexcept { return {}; }
  virtual void stop_circuit(std::string_view reason) = 0;
  virtual bool stopping() const noexcept = 0;
  virtual bool paced() const noexcept = 0;
  /// Throws Stopping if the circuit stops first.
  virtual void sleep_until(std::chrono::steady_clock::time_point due) = 0;
  virtual void report_progress(std::uint64_t done, std::uint64_t total) noexcept = 0;
  virtual void report_window(bool open) noexcept = 0;
};

class BlockAccess;

}  // namespace detail

/// Adds ports and States that depend on settings; handed to declare().
class Setup {
 public:
  explicit Setup(Block& block) : block_(block) {}

  /// What is added lives as long as the block.
  template <class Port, class... Args>
  Port& add(std::string_view name, Args&&... args);

 private:
  Block& block_;
};

/// A unit of computation. All functions run on one thread, the main thread of its worker, never two
/// at once, in the order: construct, (settings are set,) check, declare, start, process …, drain,
/// stop, destruct. Constructing must be cheap and touch no device: a plugin is also constructed
/// merely to describe it.
class Block {
 public:
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  virtual ~Block();

  /// Throws ParamError if settings do not go together, each being in its range: "'low' must not be
  /// above 'high'". Called before start(), and whenever settings change while the block runs; they
  /// then keep their old values.
  virtual void check() {}

  /// Adds ports that depend on settings. Also called to describe the block.
  virtual void declare(Setup&) {}

  /// Opens and allocates; States are as a predecessor left them. An exception here ends the circuit
  /// with its text.
  virtual void start() {}

  /// Its inputs are ready (a source: it is time for the next frame). An exception costs this frame.
  virtual void process() = 0;

  /// After the last frame, when the data ended by itself: the place to send what was held back, or
  /// to leave a window open until a key is pressed. May take its time while !stopping(). Blocks
  /// further down know by then that nothing before the last frame will come: what is sent here is
  /// stamped no earlier.
  virtual void drain() {}

  /// Closes what start() opened. Called once after a start() that succeeded.
  virtual void stop() {}

  /// Runs at the period given to idle_every() while no frame arrives (window events).
  virtual void idle() {}

 protected:
  Block();

  /// A source has no more data: process() is not called again, the end flows on after its last
  /// frame.
  void finish() noexcept { finished_ = true; }

  /// Ends the circuit from within, cleanly, for a reason shown to the user ("q was pressed").
  void stop_circuit(std::string_view reason);

  /// The circuit is being stopped from outside: leave long loops.
  bool stopping() const noexcept;

  /// From now on idle() runs each `period` without a frame; zero: never again.
  void idle_every(std::chrono::milliseconds period) noexcept { idle_period_ = period; }

  /// A source says the media time of the frames it is about to publish, and when they were made
  /// (default: now). Without it: time since the circuit started. Other blocks inherit both from
  /// their trigger.
  void set_stamp(Stamp stamp, std::optional<Born> born = {}) noexcept;

  /// The stamp of the frames published now: that of the matched inputs (of the earliest, where a
  /// tolerance lets them differ), or what set_stamp() said.
  Stamp stamp() const noexcept { return stamp_; }

  /// Media time since the call of process() before this one: what a controller computes with. Zero
  /// in the first call, never negative, the same in each run of the same data. For blocks with
  /// inputs, and for those with a `rate:`.
  Stamp dt() const noexcept { return previous_stamp_ ? stamp_ - *previous_stamp_ : Stamp{0}; }

  /// The circuit's clock: the time the circuit has run for (`clock: wall`, the default; twice as
  /// fast with `--speed 2`), or the stamp of this call (`clock: media`, `--offline`). For a block
  /// that does something after a while (a throttle, a timeout); compute with stamp() and dt().
  Stamp now() const;

  /// In a paced circuit waits until media time `stamp` is due on the circuit's clock, counted from
  /// the first call; otherwise returns at once. Throws Stopping.
  void pace(Stamp stamp);

  /// Waits until the circuit's clock says `due`; by a media clock, which nothing waits for, returns
  /// at once. Throws Stopping.
  void sleep_until(Stamp due);

  /// Waits, in real time; throws Stopping if the circuit stops first. Use it instead of any sleep.
  void sleep_for(std::chrono::nanoseconds duration);

  /// A source that knows its length: `done` of `total` frames.
  void report_progress(std::uint64_t done, std::uint64_t total) noexcept;

  /// A window is on screen (or went away): sources run at their own pace by default while one is.
  void report_window(bool open) noexcept;

 private:
  friend class detail::BlockAccess;
  friend class InputBase;
  friend class detail::InputsBase;
  friend class OutputBase;
  friend class ParamBase;
  friend class Setup;
  friend class StateBase;

  std::vector<InputBase*> inputs_;  // in the order of declaration
  std::vector<detail::InputsBase*> many_inputs_;
  std::vector<OutputBase*> outputs_;
  std::vector<ParamBase*> params_;
  std::vector<StateBase*> states_;
  std::vector<std::shared_ptr<void>> declared_;  // what declare() added
  detail::Runtime* runtime_ = nullptr;
  std::chrono::milliseconds idle_period_{0};
  Stamp stamp_{0};
  std::optional<Stamp> previous_stamp_;
  std::optional<Born> born_;
  bool stamp_set_ = false;
  bool finished_ = false;
  std::optional<std::chrono::steady_clock::time_point> pace_origin_;
};

template <class Port, class... Args>
Port& Setup::add(std::string_view name, Args&&... args) {
  auto port = std::make_shared<Port>(&block_, name, std::forward<Args>(args)...);
  auto& reference = *port;
  block_.declared_.push_back(std::move(port));
  return reference;
}

}  // namespace vcengine
