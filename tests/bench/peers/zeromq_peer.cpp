#include "zeromq_peer.hpp"

#include <unistd.h>
#include <zmq.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "payload.hpp"
#include "ping_pong.hpp"

namespace vcengine::bench {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("ZeroMQ: ") + what + ": " + zmq_strerror(zmq_errno()));
}

class ZeromqParty {
 public:
  ZeromqParty(Side side, const std::string& address, const HopQuestion& question)
      : question_(question),
        context_(zmq_ctx_new()),
        socket_(zmq_socket(context_.get(), ZMQ_PAIR)) {
    const int done = side == Side::near ? zmq_bind(socket_.get(), address.c_str())
                                        : zmq_connect(socket_.get(), address.c_str());
    if (done != 0) fail(address.c_str());
  }

  void send(std::int64_t stamp) {
    const auto bytes = question_.size.bytes;
    zmq_msg_t message;
    if (zmq_msg_init_size(&message, bytes) != 0) fail("no message");
    write_frame(static_cast<std::byte*>(zmq_msg_data(&message)), bytes, question_.touch, stamp);
    if (zmq_msg_send(&message, socket_.get(), 0) < 0) fail("send");  // and closes it
  }

  std::int64_t receive() {
    zmq_msg_t message;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, socket_.get(), 0) < 0) fail("receive");
    const auto stamp = read_frame(static_cast<const std::byte*>(zmq_msg_data(&message)),
                                  question_.size.bytes, question_.touch);
    zmq_msg_close(&message);
    return stamp;
  }

 private:
  struct EndContext {
    void operator()(void* context) const { zmq_ctx_term(context); }
  };
  struct CloseSocket {
    void operator()(void* socket) const { zmq_close(socket); }
  };

  HopQuestion question_;
  std::unique_ptr<void, EndContext> context_;
  std::unique_ptr<void, CloseSocket> socket_;
};

std::optional<std::vector<double>> hops(const HopQuestion& question, std::size_t count) {
  if (question.waiting == Waiting::spin) return std::nullopt;
  static int runs = 0;
  // '@': a name without a file, gone with its process.
  const auto address =
      "ipc://@vcengine-bench-" + std::to_string(::getpid()) + '-' + std::to_string(++runs);
  const PingPong plan{.waiting = question.waiting, .pace = question.pace, .count = count};
  return ping_pong(plan, [&](Side side) { return ZeromqParty(side, address, question); });
}

}  // namespace

Peer zeromq_peer() { return {"zeromq", true, hops}; }

}  // namespace vcengine::bench
