#include "iceoryx_peer.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "iceoryx_daemon.hpp"
#include "iceoryx_posh/popo/untyped_publisher.hpp"
#include "iceoryx_posh/popo/untyped_subscriber.hpp"
#include "iceoryx_posh/popo/wait_set.hpp"
#include "payload.hpp"
#include "ping_pong.hpp"

namespace vcengine::bench {

namespace {

/// Another one for each measurement: what the one before left in the daemon is none of its
/// business.
iox::capro::ServiceDescription topic(const std::string& run, const char* way) {
  const auto id = [](const std::string& text) {
    return iox::capro::IdString_t(iox::cxx::TruncateToCapacity, text.c_str(), text.size());
  };
  return {id("vcengine_bench"), id(run), id(way)};
}

class IceoryxParty {
 public:
  IceoryxParty(Side side, const std::string& run, const HopQuestion& question)
      : question_(question),
        publisher_(topic(run, side == Side::near ? "there" : "back")),
        subscriber_(topic(run, side == Side::near ? "back" : "there"), subscriber_options()) {
    if (question.waiting == Waiting::sleep) {
      waiting_.emplace();
      waiting_->attachState(subscriber_, iox::popo::SubscriberState::HAS_DATA).or_else([](auto&) {
        throw std::runtime_error("iceoryx: cannot attach to a WaitSet");
      });
    }
    const auto is_connected = [&] {
      return subscriber_.getSubscriptionState() == iox::SubscribeState::SUBSCRIBED &&
             publisher_.hasSubscribers();
    };
    while (!is_connected()) std::this_thread::yield();
  }

  void send(std::int64_t stamp) {
    const auto bytes = question_.size.bytes;
    publisher_.loan(static_cast<std::uint32_t>(bytes))
        .and_then([&](void* frame) {
          write_frame(static_cast<std::byte*>(frame), bytes, question_.touch, stamp);
          publisher_.publish(frame);
        })
        .or_else([](auto) { throw std::runtime_error("iceoryx: no chunk to loan"); });
  }

  std::int64_t receive() {
    for (;;) {
      std::int64_t stamp = 0;
      bool got_one = false;
      subscriber_.take().and_then([&](const void* frame) {
        stamp =
            read_frame(static_cast<const std::byte*>(frame), question_.size.bytes, question_.touch);
        subscriber_.release(frame);
        got_one = true;
      });
      if (got_one) return stamp;
      if (waiting_) waiting_->wait();
    }
  }

 private:
  static iox::popo::SubscriberOptions subscriber_options() {
    iox::popo::SubscriberOptions options;
    options.queueCapacity = 2;  // as deep as a wire is by default; never more than one is under way
    return options;
  }

  HopQuestion question_;
  iox::popo::UntypedPublisher publisher_;
  iox::popo::UntypedSubscriber subscriber_;
  std::optional<iox::popo::WaitSet<1>> waiting_;
};

std::vector<double> hops(const HopQuestion& question, std::size_t count) {
  static int runs = 0;
  const auto run = "run" + std::to_string(++runs);
  const PingPong plan{.waiting = question.waiting, .pace = question.pace, .count = count};
  return ping_pong(plan, [&](Side side) {
    join_iceoryx("vcengine_bench_" + run + (side == Side::near ? "_near" : "_far"));
    return IceoryxParty(side, run, question);
  });
}

}  // namespace

Peer iceoryx_peer() {
  // Its daemon ends with the last copy of the peer.
  const auto daemon = std::make_shared<IceoryxDaemon>();
  return {"iceoryx", false, [daemon](const HopQuestion& question, std::size_t count) {
            return hops(question, count);
          }};
}

}  // namespace vcengine::bench
