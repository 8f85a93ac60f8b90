/// The other end of a running circuit's socket, for tools: finds circuits, asks one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/control/control_folder.hpp"
#include "engine/control/json.hpp"

namespace vcengine {

/// The circuit does not answer, or its answers are none.
class ControlError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ControlClient {
 public:
  /// For an answer; a host that is stopped gives none, and a worker may take its time.
  static constexpr std::chrono::seconds kPatience{30};

  /// Throws std::system_error if nobody is there, ControlError if it speaks another language.
  ControlClient(const ControlFolder& folder, const std::string& socket,
                std::chrono::milliseconds patience = kPatience);

  const std::string& circuit() const noexcept { return circuit_; }
  std::int64_t pid() const noexcept { return pid_; }

  /// Sends a request and waits for its answer, whatever it says. Throws ControlError.
  JsonObject ask(JsonObject request);
  /// Sends it only: receive() gives its lines.
  void send(JsonObject request);
  /// The next line; none once the host has closed the connection. Waits without end if `patient`.
  std::optional<JsonObject> receive(bool patient = false);

 private:
  FileDescriptor socket_;
  std::chrono::milliseconds patience_;
  std::string input_;
  std::string circuit_;
  std::int64_t pid_ = 0;
};

struct FoundCircuits {
  std::vector<ControlClient> circuits;
  std::vector<std::string> problems;  ///< one line each: what could not be asked, and why
};

/// All circuits with a socket in this folder. What is left of those that were killed is removed.
FoundCircuits find_circuits(const std::filesystem::path& folder);

}  // namespace vcengine
