/// The control socket between host and one worker: JSON messages in packets, descriptors beside
/// them.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/control/json.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

/// What came over a control socket is no message of ours.
class ChannelError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Message {
  JsonObject body;
  std::vector<FileDescriptor> descriptors;
};

class Channel {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 10;
  static constexpr std::size_t kMaxDescriptors = 250;  // the kernel's SCM_MAX_FD is 253

  Channel() = default;
  explicit Channel(FileDescriptor socket) : socket_(std::move(socket)) {}

  /// Two connected ends that close on exec. Throws std::system_error.
  static std::pair<Channel, Channel> make();

  int fd() const noexcept { return socket_.get(); }

  /// False if the other side is gone, or does not read what it was sent before. Throws ChannelError
  /// if the message is too large.
  bool send(const JsonObject& body, std::span<const int> descriptors = {}) const;

  /// Waits for a message; none if the other side is gone. Throws ChannelError, JsonError.
  std::optional<Message> receive() const { return receive(0); }
  /// None if there is no message now; `closed` says if there will be none any more.
  std::optional<Message> try_receive(bool& closed) const;

 private:
  std::optional<Message> receive(int flags) const;

  FileDescriptor socket_;
};

}  // namespace vcengine
