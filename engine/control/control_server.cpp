#include "engine/control/control_server.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "engine/control/control_protocol.hpp"

namespace vcengine {

using namespace std::chrono_literals;

namespace {

/// Requests come in batches of as many as are allowed in this time: each wakes the host, and what
/// they order wakes workers.
constexpr auto kTurn = 10ms;
constexpr int kRequestsPerTurn = kRequestsPerSecond / 100;
/// Of one client, until the others had theirs.
constexpr int kRequestsInARow = 8;
constexpr std::size_t kReadBytes = std::size_t{16} << 10;
/// A client that leaves so much unread is asked nothing more until it has read it.
constexpr std::size_t kEnoughUnread = std::size_t{64} << 10;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Bound under a hidden name first: whoever finds a socket that refuses connections removes it, and
/// this one does until it listens.
FileDescriptor listen_in(const ControlFolder& folder, const std::string& name) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw_errno("socket");
  ::fchmod(socket.get(), S_IRUSR | S_IWUSR);  // bind() gives the file the mode of the socket
  const auto hidden = '.' + name;
  const auto address = folder.address(hidden);
  folder.remove(hidden);  // of an earlier process of this number
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw_errno((folder.path() / name).string());
  }
  try {
    if (::listen(socket.get(), kMaxControlClients) != 0) throw_errno("listen");
    folder.rename(hidden, name);
  } catch (...) {
    folder.remove(hidden);
    throw;
  }
  return socket;
}

}  // namespace

ControlServer::ControlServer(const std::filesystem::path& folder, const std::string& name,
                             const JsonObject& greeting)
    : greeting_(to_text(greeting) + '\n'),
      folder_(ControlFolder::make(folder)),
      name_(name + '-' + std::to_string(::getpid()) + std::string(kControlSuffix)),
      listener_(listen_in(*folder_, name_)),
      credit_(kRequestsAtOnce),
      credited_(Clock::now()) {}

ControlServer::ControlServer(FileDescriptor connection, const JsonObject& greeting)
    : greeting_(to_text(greeting) + '\n'), credit_(kRequestsAtOnce), credited_(Clock::now()) {
  greet(std::move(connection));
}

ControlServer::~ControlServer() {
  if (folder_) folder_->remove(name_);
}

std::vector<ControlServer::Wanted> ControlServer::wanted() const {
  std::vector<Wanted> wanted;
  // Further clients wait in the kernel's queue until one has left.
  if (listener_ && clients_.size() < kMaxControlClients) {
    wanted.push_back({.fd = listener_.get(), .events = POLLIN, .client = 0});
  }
  for (const auto& client : clients_) {
    short events = 0;
    if (!client.output.empty()) events |= POLLOUT;
    if (may_be_read(client)) events |= POLLIN;
    // Who has ended and waits for answers may leave without them: poll() says that unasked.
    if (events != 0 || asks_no_more(client)) {
      wanted.push_back({.fd = client.socket.get(), .events = events, .client = client.number});
    }
  }
  return wanted;
}

void ControlServer::ready(std::uint64_t number) {
  if (number == 0) return accept_clients();
  auto* client = find({.client = number, .id = {}});
  if (client == nullptr) return;
  if (asks_no_more(*client) && client->output.empty()) {
    client->gone = true;  // it has closed the other direction, too
    return;
  }
  if (may_be_read(*client)) read(*client);
  write(*client);
}

void ControlServer::serve(ControlTarget& target) {
  refill(Clock::now());
  for (auto& client : clients_) {
    handle_lines(client, target);
    finish(client);
  }
  std::erase_if(clients_, [](const Client& client) { return client.gone; });
  // Who came last in this turn comes first in the next one.
  if (clients_.size() > 1) std::rotate(clients_.begin(), clients_.begin() + 1, clients_.end());

  const bool anybody_waits = std::ranges::any_of(clients_, [&](const Client& client) {
    return may_ask(client) && (credit_ <= 0 || client.input.find('\n') != std::string::npos);
  });
  due_ = !anybody_waits ? Clock::time_point::max() : credit_ > 0 ? Clock::now() : credited_ + kTurn;
}

/// In whole turns, so that a flood comes in batches.
void ControlServer::refill(Clock::time_point now) {
  const auto turns = (now - credited_) / kTurn;
  if (turns <= 0) return;
  credit_ =
      static_cast<int>(std::min<std::int64_t>(kRequestsAtOnce, credit_ + turns * kRequestsPerTurn));
  credited_ += turns * kTurn;
}

bool ControlServer::asks_no_more(const Client& client) {
  return client.ended && client.input.find('\n') == std::string::npos;
}

bool ControlServer::may_be_read(const Client& client) const {
  return !client.ended && credit_ > 0 && may_ask(client);
}

bool ControlServer::may_ask(const Client& client) const {
  return !client.closing && !client.gone && client.output.size() < kEnoughUnread;
}

void ControlServer::accept_clients() {
  while (clients_.size() < kMaxControlClients) {
    FileDescriptor socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
    const auto user = peer_user(socket.get());
    // The modes of folder and socket say the same; they can be changed, this cannot.
    if (!user || (*user != ::geteuid() && *user != 0)) continue;
    greet(std::move(socket));
  }
}

void ControlServer::greet(FileDescriptor socket) {
  auto& client = clients_.emplace_back();
  client.number = ++last_number_;
  client.socket = std::move(socket);
  client.output = greeting_;
  write(client);
}

void ControlServer::read(Client& client) {
  if (client.input.size() > kMaxRequestBytes) return;
  std::array<char, kReadBytes> bytes;
  const auto got = ::recv(client.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got > 0) {
    client.input.append(bytes.data(), static_cast<std::size_t>(got));
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    client.ended = true;
  }
}

void ControlServer::write(Client& client) {
  std::size_t sent = 0;
  while (sent < client.output.size()) {
    const auto more = ::send(client.socket.get(), client.output.data() + sent,
                             client.output.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0 && errno != EAGAIN) client.gone = true;
    if (more <= 0) break;
    sent += static_cast<std::size_t>(more);
  }
  client.output.erase(0, sent);
}

void ControlServer::handle_lines(Client& client, ControlTarget& target) {
  std::size_t begin = 0;
  for (int handled = 0; handled < kRequestsInARow && credit_ > 0 && may_ask(client); ++handled) {
    const auto end = client.input.find('\n', begin);
    const auto length = std::min(end, client.input.size()) - begin;
    if (length > kMaxRequestBytes) {
      refuse({.client = client.number, .id = nullptr},
             "a request is longer than " + std::to_string(kMaxRequestBytes) + " bytes");
      client.closing = true;
      break;
    }
    if (end == std::string::npos) break;
    --credit_;
    handle_line(client, std::string_view(client.input).substr(begin, length), target);
    begin = end + 1;
  }
  client.input.erase(0, begin);
}

void ControlServer::handle_line(Client& client, std::string_view line, ControlTarget& target) {
  ControlCall call{.client = client.number, .id = nullptr};
  ++client.unanswered;
  try {
    const auto request = parse_json(line, kMaxRequestBytes);
    const auto& object = object_of(request, "request");
    if (const auto* id = object.if_contains("id")) {
      if (id->is_structured()) throw JsonError("'id' must be a number or text");
      call.id = *id;
    }
    target.handle(call, object);
  } catch (const std::exception& error) {
    refuse(call, error.what());
  }
}

const ControlServer::Client* ControlServer::find(const ControlCall& call) const {
  const auto found = std::ranges::find(clients_, call.client, &Client::number);
  return found == clients_.end() || found->gone ? nullptr : &*found;
}

ControlServer::Client* ControlServer::find(const ControlCall& call) {
  return const_cast<Client*>(std::as_const(*this).find(call));
}

void ControlServer::answer(const ControlCall& call, JsonObject answer) {
  auto* client = find(call);
  if (client == nullptr) return;
  JsonObject line{{"id", call.id}, {"ok", true}};
  for (auto& [name, value] : answer) line[name] = std::move(value);
  if (client->unanswered > 0) --client->unanswered;
  send(*client, line);
}

void ControlServer::refuse(const ControlCall& call, std::string_view why) {
  auto* client = find(call);
  if (client == nullptr) return;
  if (client->unanswered > 0) --client->unanswered;
  send(*client, {{"id", call.id}, {"ok", false}, {"error", why}});
}

void ControlServer::send_event(const ControlCall& call, JsonObject event) {
  auto* client = find(call);
  if (client == nullptr) return;
  JsonObject line{{"id", call.id}};
  for (auto& [name, value] : event) line[name] = std::move(value);
  send(*client, line);
}

bool ControlServer::has_room(const ControlCall& call) const {
  const auto* client = find(call);
  return client != nullptr && client->output.size() < kEnoughUnread;
}

bool ControlServer::is_there(const ControlCall& call) const { return find(call) != nullptr; }

void ControlServer::send(Client& client, const JsonObject& line) {
  client.output += to_text(line) + '\n';
  if (client.output.size() > kMaxUnreadBytes) write(client);
  if (client.output.size() > kMaxUnreadBytes) client.gone = true;
}

/// Sends what can be sent, and lets go of a client that has all that it will ever get.
void ControlServer::finish(Client& client) {
  write(client);
  if (client.output.empty() &&
      (client.closing || (asks_no_more(client) && client.unanswered == 0))) {
    client.gone = true;
  }
}

}  // namespace vcengine
