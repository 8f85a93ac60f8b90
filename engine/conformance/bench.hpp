/// One life of a block: made, fed, watched, stopped.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/conformance/subject.hpp"
#include "vcengine/harness.hpp"

namespace vcengine {

enum class Outcome : std::uint8_t {
  done,      ///< process() returned
  threw,     ///< an exception that costs the frame
  stopping,  ///< Stopping
  none,      ///< it was not called: no frames matched
  ended,     ///< it has finished, or asked for the circuit's end
};

struct Step {
  Outcome outcome = Outcome::none;
  std::string words;          ///< of the exception
  std::size_t published = 0;  ///< frames, at all outputs
};

struct BenchOptions {
  Settings settings;          ///< over those of the request
  bool wire_optional = true;  ///< else optional inputs stay unwired
};

class WatchedWriter;

class Bench {
 public:
  explicit Bench(const Subject& subject, BenchOptions options = {});
  ~Bench();

  /// Throws StartRefused.
  void start();

  /// Queues one frame at each wired input, all of one stamp.
  void put(const Round& round);
  /// Likewise, but `input` gets `frame` instead.
  void put(const Round& round, const std::string& input, const TestFrame& frame);
  /// Starts the block if need be, calls process() once, takes what it published.
  Step step();
  /// put() and step(). A source is only stepped.
  Step round(const Round& round);

  /// None, or what the block's stop() threw.
  std::optional<std::string> stop();

  /// Called with each frame that the block publishes.
  void on_frame(std::function<void(const std::string& output, const FrameRef&)> handler) {
    on_frame_ = std::move(handler);
  }

  AnyBlockHarness& harness() noexcept { return harness_; }
  /// Has a loan of this output thrown, since the start?
  bool loan_failed(const std::string& output) const;
  bool any_loan_stopped() const;

 private:
  struct OutputState {
    std::string name;
    std::shared_ptr<WatchedWriter> writer;
  };

  void watch_outputs();
  std::size_t take();

  const Subject& subject_;
  Block* block_;  // the harness owns it
  AnyBlockHarness harness_;
  std::vector<const Input*> wired_;
  std::vector<OutputState> outputs_;  // before the harness goes: their writers refer to its
  std::function<void(const std::string&, const FrameRef&)> on_frame_;
  bool started_ = false;
};

/// Feeds ordinary frames until one is processed (and published, if the block publishes any). None,
/// or what is wrong: "throws: …", "publishes nothing any more".
std::optional<std::string> trouble_with_ordinary_frames(Bench& bench, const Subject& subject,
                                                        std::uint64_t first_round);

}  // namespace vcengine
