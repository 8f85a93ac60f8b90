// What comes over a control socket: packets of any bytes and any length with any number of
// descriptors. A message, ChannelError or JsonError; and no descriptor stays open.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "engine/control/channel.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace vcengine::fuzz {
namespace {

/// More than that the kernel does not take in one packet.
constexpr std::size_t kMostDescriptors = 253;

/// New ones get the lowest numbers that are free, so that one that was left open is among these.
int open_descriptors() {
  int count = 0;
  for (int number = 0; number < 512; ++number) count += ::fcntl(number, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

bool send_packet(int socket, std::string_view text, std::size_t descriptors) {
  std::array<int, kMostDescriptors> sent{};
  sent.fill(socket);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof sent)> control{};
  iovec part{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (descriptors > 0) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors * sizeof(int));
    auto* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors * sizeof(int));
    std::memcpy(CMSG_DATA(rights), sent.data(), descriptors * sizeof(int));
  }
  return ::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

void receive_all(const Channel& channel) {
  for (bool closed = false; !closed;) {
    try {
      const auto message = channel.try_receive(closed);
      if (!message) return;
      to_text(message->body);
      for (const auto& descriptor : message->descriptors)
        require(::fcntl(descriptor.get(), F_GETFD) == FD_CLOEXEC,
                "a descriptor is open, and closes on exec");
    } catch (const ChannelError&) {
    } catch (const JsonError&) {
    }
  }
}

void trial(Input& input) {
  auto [host, worker] = Channel::make();
  const int large = 1 << 20;
  ::setsockopt(worker.fd(), SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
  while (!input.empty()) {
    const auto descriptors =
        input.below(4) == 0 ? input.below(kMostDescriptors + 1) : input.below(4);
    std::string text;
    if (input.below(64) == 0)
      text.assign(Channel::kMaxBytes - 4 + input.below(8), ' ');  // may be one too long
    text += input.text(input.take<std::uint8_t>());
    send_packet(worker.fd(), text, descriptors);
    if (input.flag()) receive_all(host);
  }
  if (input.flag()) worker = Channel();
  receive_all(host);
}

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vcengine::fuzz;
  Input input(data, size);
  const int before = open_descriptors();
  trial(input);
  require(open_descriptors() == before, "no descriptor stays open");
  return 0;
}
