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

/// Help, or what is wrong, and the status to exit with.
struct PrintRequest {
  std::string text;
  int status = 0;
};

using ControlRequest = std::variant<PsRequest, StopRequest, PrintRequest>;

/// `word`: "ps", "stop" …, the name that the program was called by.
ControlRequest parse_control(const std::string& word, int argc, const char* const* argv);

}  // namespace vcengine
