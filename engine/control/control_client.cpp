#include "engine/control/control_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/control/control_protocol.hpp"

namespace vcengine {

namespace fs = std::filesystem;

namespace {

/// Of a line of the host; a report of a large circuit is long.
constexpr std::size_t kMaxAnswerBytes = kMaxJsonBytes;
/// For the greeting, when many are asked.
constexpr std::chrono::seconds kGreetingTime{3};

bool is_one_of_us(int socket) {
  const auto user = peer_user(socket);
  return user && (*user == ::geteuid() || *user == 0);
}

}  // namespace

ControlClient::ControlClient(const ControlFolder& folder, const std::string& socket,
                             std::chrono::milliseconds patience)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), patience_(kGreetingTime) {
  if (!socket_) throw std::system_error(errno, std::generic_category(), "socket");
  const auto address = folder.address(socket);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), (folder.path() / socket).string());
  }
  if (!is_one_of_us(socket_.get())) throw ControlError("it belongs to another user");
  const auto greeting = receive();
  if (!greeting) throw ControlError("it has ended");
  const auto protocol = integer_of(*greeting, "protocol");
  if (protocol != kControlProtocol) {
    throw ControlError("it speaks protocol " + std::to_string(protocol) + ", this program " +
                       std::to_string(kControlProtocol) + ": use the programs of its version");
  }
  circuit_ = text_of(*greeting, "circuit");
  pid_ = integer_of(*greeting, "pid");
  patience_ = patience;
}

void ControlClient::send(JsonObject request) {
  if (!request.contains("id")) request["id"] = 1;
  auto line = to_text(request) + '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const auto sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) throw ControlError("circuit " + circuit_ + " has ended");
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

JsonObject ControlClient::ask(JsonObject request) {
  send(std::move(request));
  while (auto line = receive()) {
    if (line->contains("ok")) return std::move(*line);
  }
  throw ControlError("circuit " + circuit_ + " ended before it answered");
}

std::optional<JsonObject> ControlClient::receive(bool patient) {
  for (std::size_t looked_at = 0;;) {
    const auto end = input_.find('\n', looked_at);
    if (end != std::string::npos) {
      try {
        auto line = object_of(parse_json(std::string_view(input_).substr(0, end)), "answer");
        input_.erase(0, end + 1);
        return line;
      } catch (const JsonError& error) {
        throw ControlError(std::string("its answer makes no sense: ") + error.what());
      }
    }
    looked_at = input_.size();
    if (looked_at > kMaxAnswerBytes) throw ControlError("its answer has no end");
    pollfd readable{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&readable, 1, patient ? -1 : static_cast<int>(patience_.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) throw ControlError("it does not answer (is it stopped?)");
    std::array<char, 65536> bytes;
    const auto got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    input_.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

FoundCircuits find_circuits(const fs::path& path) {
  FoundCircuits found;
  std::optional<ControlFolder> folder;
  try {
    folder.emplace(path);
  } catch (const std::system_error& error) {
    if (error.code().value() != ENOENT) found.problems.emplace_back(error.what());
  } catch (const std::runtime_error& error) {
    found.problems.emplace_back(error.what());
  }
  if (!folder) return found;
  for (const auto& name : folder->sockets()) {
    try {
      found.circuits.emplace_back(*folder, name);
    } catch (const std::system_error& error) {
      if (error.code().value() == ECONNREFUSED) {
        folder->remove(name);  // its host was killed
      } else if (error.code().value() != ENOENT) {
        found.problems.emplace_back(error.what());
      }
    } catch (const std::runtime_error& error) {
      found.problems.push_back((path / name).string() + ": " + error.what());
    }
  }
  return found;
}

}  // namespace vcengine
