/// What all processes of the stress test have in common: a socket to the host, what they mapped,
/// and how they sleep.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/control/channel.hpp"
#include "tests/stress/stress_roles.hpp"
#include "vcengine/errors.hpp"
#include "wire/futex.hpp"
#include "wire/segment.hpp"
#include "wire/waiter.hpp"

namespace vcengine::test {

inline constexpr auto kForever = std::chrono::steady_clock::time_point::max();

class Broken final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The host has gone, or told us to go.
struct Over {};

/// Everything that a role was handed, mapped.
struct Maps {
  std::deque<wire::Mapping> all;

  std::span<std::byte> add(const FileDescriptor& file, wire::Access access) {
    return all.emplace_back(file.get(), access).bytes();
  }
};

/// What an entry of another pool that names this one needs.
wire::PayloadView map_payload(Maps& maps, const FileDescriptor& control,
                              const FileDescriptor& payload);

class Role {
 public:
  explicit Role(Manners manners)
      : manners_(manners), channel_(FileDescriptor(kRoleSocket)), maps_(std::make_shared<Maps>()) {}
  virtual ~Role() = default;

  void play() {
    auto own = wait_for("map_own");
    map_own(own);
    tell("mapped");
    auto others = wait_for("map_others");
    try {
      map_others(others);
    } catch (const WireCorrupt&) {
      if (manners_ != Manners::unmoved) throw;
      tell("told");  // nothing to look at, then
      tell("mapped");
      for (;;) wait_for("run");
    }
    tell("mapped");
    wait_for("run");
    if (manners_ == Manners::evil || manners_ == Manners::lying) misbehave();
    for (;;) {
      bell_ = host_->bell.load();
      handle_messages();
      act();
    }
  }

 protected:
  virtual void map_own(Message& message) = 0;
  virtual void map_others(Message& message) = 0;
  virtual void handle(Message& message) = 0;
  /// Until there is nothing to do, or the host rings.
  virtual void act() = 0;
  virtual void lie(std::mt19937_64&) {}

  Message wait_for(std::string_view op) {
    auto message = channel_.receive();
    if (!message) throw Over();
    if (text_of(message->body, "op") != op) throw Broken("not the message that was expected");
    return std::move(*message);
  }

  void tell(std::string_view op, JsonObject body = {}) {
    body["op"] = op;
    if (!channel_.send(body)) throw Over();
  }

  bool host_rang() const { return host_->bell.load() != bell_; }

  /// The first of the descriptors. The last of them are eventfds, where there is no futex_waitv:
  /// its own, and those of whom it wakes.
  void map_host(Message& message) {
    auto& files = message.descriptors;
    host_ = &wire::host_page(maps_->add(files.at(0), wire::Access::read_only));
    FileDescriptor own;
    if (const auto count = integer_of(message.body, "eventfds"); count > 0) {
      const auto first = files.end() - count;
      own = std::move(*first);
      std::vector<int> others;
      for (auto file = first + 1; file != files.end(); ++file) {
        others.push_back(file->get());
        eventfds_.push_back(std::move(*file));
      }
      files.erase(first, files.end());
      doorbell_ = std::make_unique<wire::EventfdDoorbell>(std::move(others));
    } else {
      doorbell_ = std::make_unique<wire::FutexDoorbell>();
    }
    // Beside good ones nobody may sleep on until its safety wakes it: that is a lost wake-up, and a
    // stall to the host.
    const auto safety = manners_ == Manners::good ? std::chrono::hours(1) : std::chrono::seconds(1);
    waiter_.emplace(*host_, std::move(own), nullptr, safety);
  }

  const Manners manners_;
  Channel channel_;
  std::shared_ptr<Maps> maps_;
  wire::HostPage* host_ = nullptr;
  std::optional<wire::SharedWaiter> waiter_;
  std::unique_ptr<wire::Doorbell> doorbell_;
  std::vector<std::span<std::byte>> own_bytes_;
  std::uint32_t bell_ = 0;

 private:
  void handle_messages() {
    bool closed = false;
    while (auto message = channel_.try_receive(closed)) handle(*message);
    if (closed) throw Over();
  }

  /// Random bytes at random places, small numbers more often than others.
  void write_anything(std::mt19937_64& random) const {
    for (const auto bytes : own_bytes_) {
      for (int i = 0; i < 200; ++i) {
        auto value = random();
        if (value % 3 == 0) value = random() % 64;
        // Everywhere, and more often at the beginning, where the words are that others look at.
        const auto within =
            random() % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 8192);
        const auto at = random() % (within / 8) * 8;
        std::memcpy(bytes.data() + at, &value, sizeof value);
      }
    }
  }

  [[noreturn]] void misbehave() {
    std::mt19937_64 random(static_cast<std::uint64_t>(::getpid()));
    for (;;) {
      if (manners_ == Manners::lying) {
        lie(random);
      } else {
        write_anything(random);
      }
      wire::futex_wake(host_->bell);
      bool closed = false;
      while (channel_.try_receive(closed)) {
      }
      if (closed) throw Over();
    }
  }

  std::vector<FileDescriptor> eventfds_;
};

/// Sends on what it reads.
std::unique_ptr<Role> make_forwarder(Manners manners);

}  // namespace vcengine::test
