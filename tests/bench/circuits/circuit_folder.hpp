/// Circuits that are made for a measurement, in a folder that goes with it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/control/json.hpp"

namespace vcengine::bench {

/// The text of a circuit that grows.
class CircuitText {
 public:
  CircuitText& block(std::string_view name, std::string_view spec);
  CircuitText& wire(std::string_view from, std::string_view to);
  /// Blocks `prefix1` … with ports `in` and `out`, one behind the other, between an output and an
  /// input. `spec` says what the i-th one is.
  CircuitText& chain(std::string_view prefix, int count,
                     const std::function<std::string(int)>& spec, std::string_view from,
                     std::string_view to);
  std::string text() const;

 private:
  std::string blocks_, wires_;
};

class CircuitFolder {
 public:
  CircuitFolder();
  CircuitFolder(const CircuitFolder&) = delete;
  CircuitFolder& operator=(const CircuitFolder&) = delete;
  ~CircuitFolder();

  const std::filesystem::path& path() const noexcept { return folder_; }

  /// The command that runs the circuit quietly.
  std::vector<std::string> command(const CircuitText& circuit,
                                   const std::vector<std::string>& options) const;
  /// Runs it to its end, and gives what `--json` says.
  Json run(const CircuitText& circuit, std::vector<std::string> options) const;

  struct Arrived {
    std::vector<double> ages;      ///< us
    std::vector<double> arrivals;  ///< s
    double rate() const;           ///< frames a second
  };
  /// What test.ages has written so far.
  Arrived arrived() const;

 private:
  std::filesystem::path folder_;
};

/// Seconds from "all blocks are ready" until the last worker has ended.
double running_seconds(const Json& result);
std::int64_t frames_of(const Json& result, std::string_view block);

/// Frames a second of video file -> block -> nothing, as fast as it goes. The block by its
/// specification, "type: vision.edge_detector", its ports `image` and `to`.
double rate_of_block(const std::string& video, std::string_view spec, std::string_view to);

}  // namespace vcengine::bench
