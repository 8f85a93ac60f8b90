/// Clients of a running circuit's socket, for tests: well-behaved ones, and others.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/control/control_client.hpp"
#include "file_descriptor.hpp"

namespace vcengine::test {

/// The sockets in the runtime folder of a test; none if nobody made one.
std::vector<std::filesystem::path> sockets_in(const std::filesystem::path& runtime_folder);

/// Waits for the one socket there, and connects to it.
ControlClient client_of(const std::filesystem::path& runtime_folder);

/// A connection that says what it likes.
class RawClient {
 public:
  explicit RawClient(const std::filesystem::path& runtime_folder);

  /// As much as the host takes now.
  std::size_t send_some(std::string_view bytes) const;
  /// Waits for the host to take it all; false if it closed the connection.
  bool send(std::string_view bytes) const;
  /// Ends our direction of the connection.
  void say_no_more() const;
  /// The next line without its end; none if the connection was closed. Throws if the watchdog
  /// barks.
  std::optional<std::string> line();
  /// Has the host sent anything yet, or closed the connection?
  bool heard_something() const;

 private:
  FileDescriptor socket_;
  std::string input_;
};

}  // namespace vcengine::test
