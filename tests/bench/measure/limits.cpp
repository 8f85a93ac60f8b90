#include "limits.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "ping_pong.hpp"
#include "wire/segment.hpp"

namespace vcengine::bench {

namespace {

/// One word and what is told by it, in one line.
struct alignas(128) Line {
  std::atomic<std::uint32_t> word;
  std::int64_t stamp;
};

struct Lines {
  Line to_far, to_near;
};

struct LineSpinner {
  Line& out;
  Line& in;
  std::uint32_t sent = 0, received = 0;

  void send(std::int64_t stamp) {
    out.stamp = stamp;
    out.word.store(++sent, std::memory_order_release);
  }
  std::int64_t receive() {
    ++received;
    while (in.word.load(std::memory_order_acquire) != received) {
    }
    return in.stamp;
  }
};

struct FutexSleeper {
  Line& out;
  Line& in;
  std::uint32_t sent = 0, received = 0;

  void send(std::int64_t stamp) {
    out.stamp = stamp;
    out.word.store(++sent, std::memory_order_seq_cst);
    ::syscall(SYS_futex, &out.word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  }
  std::int64_t receive() {
    while (in.word.load(std::memory_order_acquire) == received) {
      ::syscall(SYS_futex, &in.word, FUTEX_WAIT, received, nullptr, nullptr, 0);
    }
    ++received;
    return in.stamp;
  }
};

template <class Party>
std::vector<double> hops(Waiting waiting, Pace pace, std::size_t count) {
  const Shared<Lines> lines;
  return ping_pong({.waiting = waiting, .pace = pace, .count = count}, [&](Side side) {
    return side == Side::near ? Party{lines->to_far, lines->to_near}
                              : Party{lines->to_near, lines->to_far};
  });
}

}  // namespace

std::vector<double> cache_line_hops(Pace pace, std::size_t count) {
  return hops<LineSpinner>(Waiting::spin, pace, count);
}

std::vector<double> futex_hops(Pace pace, std::size_t count) {
  return hops<FutexSleeper>(Waiting::sleep, pace, count);
}

std::vector<double> copies(FrameSize size, std::size_t count) {
  const SharedArray<std::byte> from(size.bytes), to(size.bytes);
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = now_ns();
    std::memcpy(&to[0], &from[0], size.bytes);
    asm volatile("" : : "r"(&to[0]) : "memory");  // somebody reads it
    times.push_back(static_cast<double>(now_ns() - start) / 1e3);
  }
  return times;
}

std::vector<double> first_touches(FrameSize size, std::size_t count) {
  constexpr std::size_t kPage = 4096;
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const wire::Mapping fresh(wire::create_segment("vcengine:bench", size.bytes).get(),
                              wire::Access::read_write);
    const auto bytes = fresh.bytes();
    const auto start = now_ns();
    for (std::size_t k = 0; k < bytes.size(); k += kPage) {
      *static_cast<volatile std::byte*>(&bytes[k]) = std::byte{1};
    }
    const auto pages = (bytes.size() + kPage - 1) / kPage;
    times.push_back(static_cast<double>(now_ns() - start) / 1e3 / static_cast<double>(pages));
  }
  return times;
}

}  // namespace vcengine::bench
