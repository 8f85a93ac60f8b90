/// The socket by which a running circuit is controlled: clients, lines, limits. Knows nothing of
/// circuits. [host, one thread]
///
/// Nobody can slow the host: no descriptor ever blocks, a second has only so many requests, and who
/// does not read is not answered any further, then disconnected.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/control/control_folder.hpp"
#include "engine/control/json.hpp"

namespace vcengine {

/// Who wants an answer, and the "id" to put into it. A client that has left is known no more, and
/// answers to it are dropped.
struct ControlCall {
  std::uint64_t client = 0;
  Json id;
};

/// What is controlled.
class ControlTarget {
 public:
  virtual ~ControlTarget() = default;
  /// A request is answered now or later, by ControlServer::answer() or refuse(), exactly once.
  virtual void handle(const ControlCall& call, const JsonObject& request) = 0;
};

class ControlServer {
 public:
  using Clock = std::chrono::steady_clock;

  /// Listens in the folder, which is made, as NAME-PID.sock; `greeting` is the first line of each
  /// connection. Throws std::runtime_error with the reason.
  ControlServer(const std::filesystem::path& folder, const std::string& name,
                const JsonObject& greeting);
  /// Takes over a connection, without a socket to listen at: for tests.
  ControlServer(FileDescriptor connection, const JsonObject& greeting);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ~ControlServer();

  /// What to poll for now; `client` is a number to give back to ready().
  struct Wanted {
    int fd;
    short events;
    std::uint64_t client;
  };
  std::vector<Wanted> wanted() const;
  /// It has come: takes in and sends what can be without waiting. Requests wait for serve().
  void ready(std::uint64_t client);
  /// When serve() is worth a call although nothing happened; max: not before something does.
  Clock::time_point due() const noexcept { return due_; }
  /// Handles requests that have come, as many as one turn has.
  void serve(ControlTarget& target);

  /// The last line of a call: {"id":…,"ok":true} and the rest of `answer`.
  void answer(const ControlCall& call, JsonObject answer);
  /// {"id":…,"ok":false,"error":"…"}
  void refuse(const ControlCall& call, std::string_view why);
  /// A line of a call that goes on.
  void send_event(const ControlCall& call, JsonObject event);
  /// Its client has not left, and reads what it is sent: events that may be late wait for this.
  bool has_room(const ControlCall& call) const;
  bool is_there(const ControlCall& call) const;

 private:
  struct Client {
    std::uint64_t number = 0;
    FileDescriptor socket;
    std::string input, output;
    std::size_t unanswered = 0;
    bool ended = false;    ///< sends nothing more
    bool closing = false;  ///< is closed as soon as it has what is in `output`
    bool gone = false;
  };

  void greet(FileDescriptor socket);
  void accept_clients();
  void read(Client& client);
  void write(Client& client);
  void handle_lines(Client& client, ControlTarget& target);
  void handle_line(Client& client, std::string_view line, ControlTarget& target);
  void send(Client& client, const JsonObject& line);
  void finish(Client& client);
  void refill(Clock::time_point now);
  bool may_ask(const Client& client) const;
  bool may_be_read(const Client& client) const;
  static bool asks_no_more(const Client& client);
  Client* find(const ControlCall& call);
  const Client* find(const ControlCall& call) const;

  std::string greeting_;
  std::optional<ControlFolder> folder_;
  std::string name_;
  FileDescriptor listener_;
  std::deque<Client> clients_;
  std::uint64_t last_number_ = 0;
  int credit_;
  Clock::time_point credited_;
  Clock::time_point due_ = Clock::time_point::max();
};

}  // namespace vcengine
