#include "tests/processes/support/control.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>

#include "tests/processes/support/process.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

constexpr int kWatchdogMs = std::chrono::milliseconds(kWatchdog).count();

fs::path folder_in(const fs::path& runtime_folder) { return runtime_folder / "vcengine"; }

std::string only_socket(const fs::path& runtime_folder) {
  std::vector<fs::path> sockets;
  const auto is_one = [&] { return (sockets = sockets_in(runtime_folder)).size() == 1; };
  if (!eventually(is_one)) throw std::runtime_error("waited in vain for one socket");
  return sockets.front().filename().string();
}

}  // namespace

std::vector<fs::path> sockets_in(const fs::path& runtime_folder) {
  std::vector<fs::path> found;
  if (!fs::exists(folder_in(runtime_folder))) return found;
  for (const auto& name : ControlFolder(folder_in(runtime_folder)).sockets()) {
    found.push_back(folder_in(runtime_folder) / name);
  }
  return found;
}

ControlClient client_of(const fs::path& runtime_folder) {
  const auto name = only_socket(runtime_folder);
  const ControlFolder folder(folder_in(runtime_folder));
  return ControlClient(folder, name, kWatchdog);
}

RawClient::RawClient(const fs::path& runtime_folder)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto name = only_socket(runtime_folder);
  const ControlFolder folder(folder_in(runtime_folder));
  const auto address = folder.address(name);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "connect");
  }
}

std::size_t RawClient::send_some(std::string_view bytes) const {
  const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

bool RawClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    pollfd writable{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, kWatchdogMs) == 0) {
      throw std::runtime_error("waited in vain for the host to take a request");
    }
    const auto sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::say_no_more() const { ::shutdown(socket_.get(), SHUT_WR); }

std::optional<std::string> RawClient::line() {
  for (;;) {
    if (const auto end = input_.find('\n'); end != std::string::npos) {
      auto line = input_.substr(0, end);
      input_.erase(0, end + 1);
      return line;
    }
    pollfd readable{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, kWatchdogMs) == 0) {
      throw std::runtime_error("waited in vain for an answer of the host");
    }
    std::array<char, 65536> bytes;
    const auto got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return std::nullopt;
    input_.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

bool RawClient::heard_something() const {
  pollfd readable{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  return !input_.empty() || ::poll(&readable, 1, 0) > 0;
}

}  // namespace vcengine::test
