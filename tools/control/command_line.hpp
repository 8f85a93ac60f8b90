/// The command lines of `vcengine ps`, `vcengine stop` and the others that speak with a running
/// circuit.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace vcengine {

/// What all of them take.
struct ControlOptions {
  std::string circuit;  ///< name or process id; empty: the only one that runs
  bool json = false;
};

struct PsRequest {
  bool json = false;
};
struct StopRequest : ControlOptions {};
/// `pause`, `resume`, `step`.
struct BlockRequest : ControlOptions {
  std::string op;
  std::string block;  ///< empty: the circuit
};
struct RestartRequest : ControlOptions {
  std::string block;
};
struct LogsRequest : ControlOptions {
  std::string block;  ///< empty: all, and the host
  int last = -1;      ///< lines; -1: all that the host has kept
  bool follow = false;
};
struct LogLevelRequest : ControlOptions {
  std::string block;
  std::string level;
};
struct SaveRequest : ControlOptions {};
struct GetRequest : ControlOptions {
  std::string setting;  ///< "detect.low", "detect", or empty: all
};
struct SetRequest : ControlOptions {
  std::vector<std::string> settings;  ///< "detect.low=60"
};
struct ReloadRequest : ControlOptions {};
struct SwapRequest : ControlOptions {
  std::string block;
  std::string plugin;  ///< empty: the one that is in the plugin folders now
};

/// Help, or what is wrong, and the status to exit with.
struct PrintRequest {
  std::string text;
  int status = 0;
};

using ControlRequest = std::variant<PsRequest, StopRequest, BlockRequest, GetRequest, SetRequest,
                                    ReloadRequest, SwapRequest, RestartRequest, LogsRequest,
                                    LogLevelRequest, SaveRequest, PrintRequest>;

/// `word`: "ps", "stop" …, the name that the program was called by.
ControlRequest parse_control(const std::string& word, int argc, const char* const* argv);

}  // namespace vcengine
