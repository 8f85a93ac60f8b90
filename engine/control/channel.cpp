#include "engine/control/channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace vcengine {

namespace {

constexpr std::size_t kControlBytes = CMSG_SPACE(Channel::kMaxDescriptors * sizeof(int));

/// The bytes that descriptors travel in, aligned as the kernel wants them.
struct ControlBuffer {
  alignas(cmsghdr) std::array<char, kControlBytes> bytes{};
};

std::vector<FileDescriptor> descriptors_of(msghdr& header) {
  std::vector<FileDescriptor> descriptors;
  for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      descriptors.emplace_back(fd);
    }
  }
  return descriptors;
}

}  // namespace

std::pair<Channel, Channel> Channel::make() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {Channel(FileDescriptor(ends[0])), Channel(FileDescriptor(ends[1]))};
}

bool Channel::send(const JsonObject& body, std::span<const int> descriptors) const {
  const std::string text = to_text(body);
  if (text.size() > kMaxBytes || descriptors.size() > kMaxDescriptors) {
    throw ChannelError("a message of " + std::to_string(text.size()) + " bytes and " +
                       std::to_string(descriptors.size()) + " descriptors is too large");
  }
  iovec part{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  ControlBuffer control;
  if (!descriptors.empty()) {
    header.msg_control = control.bytes.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    auto* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(text.size());
}

std::optional<Message> Channel::try_receive(bool& closed) const {
  closed = false;
  auto message = receive(MSG_DONTWAIT);
  if (!message) closed = errno != EAGAIN;
  return message;
}

std::optional<Message> Channel::receive(int flags) const {
  std::string text(kMaxBytes, '\0');
  iovec part{.iov_base = text.data(), .iov_len = text.size()};
  ControlBuffer control;
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket_.get(), &header, flags | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return std::nullopt;
  Message message;
  message.descriptors = descriptors_of(header);  // an empty packet may bring some, too
  if (got == 0) {
    errno = ECONNRESET;
    return std::nullopt;
  }
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    throw ChannelError("a control message arrived cut off (too many descriptors open?)");
  }
  text.resize(static_cast<std::size_t>(got));
  message.body = object_of(parse_json(text, kMaxBytes), "message");
  return message;
}

}  // namespace vcengine
