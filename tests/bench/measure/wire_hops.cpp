#include "wire_hops.hpp"

#include "payload.hpp"
#include "ping_pong.hpp"
#include "shared_wire.hpp"

namespace vcengine::bench {

namespace {

class WireParty {
 public:
  WireParty(const SharedWire& out, const SharedWire& in, const HopQuestion& question)
      : question_(question), sender_(out, question.waiting), receiver_(in, 0, question.waiting) {}

  void send(std::int64_t stamp) {
    const auto bytes = question_.size.bytes;
    sender_.send(bytes,
                 [&](std::byte* frame) { write_frame(frame, bytes, question_.touch, stamp); });
  }
  std::int64_t receive() {
    const auto frame = receiver_.receive();
    return read_frame(frame->payload().data(), question_.size.bytes, question_.touch);
  }

 private:
  HopQuestion question_;
  Sender sender_;
  Receiver receiver_;
};

}  // namespace

std::vector<double> wire_hops(const HopQuestion& question, std::size_t count) {
  const SharedWire there({.frame_bytes = question.size.bytes});
  const SharedWire back({.frame_bytes = question.size.bytes});
  return ping_pong({.waiting = question.waiting, .pace = question.pace, .count = count},
                   [&](Side side) {
                     return side == Side::near ? WireParty(there, back, question)
                                               : WireParty(back, there, question);
                   });
}

}  // namespace vcengine::bench
