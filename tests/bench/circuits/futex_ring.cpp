#include "futex_ring.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "measure/clock.hpp"
#include "measure/processes.hpp"
#include "measure/shared_array.hpp"

namespace vcengine::bench {

namespace {

constexpr std::uint32_t kWarmUp = 5;  // turns

struct alignas(128) Word {
  std::atomic<std::uint32_t> turn{0};
};

void wake(Word& word, std::uint32_t turn) {
  word.turn.store(turn, std::memory_order_seq_cst);
  ::syscall(SYS_futex, &word.turn, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void wait(Word& word, std::uint32_t turn) {
  for (;;) {
    const auto seen = word.turn.load(std::memory_order_acquire);
    if (seen == turn) return;
    ::syscall(SYS_futex, &word.turn, FUTEX_WAIT, seen, nullptr, nullptr, 0);
  }
}

}  // namespace

std::vector<double> futex_ring_hops(int processes, std::size_t turns,
                                    std::chrono::nanoseconds period) {
  const auto count = static_cast<std::size_t>(processes);
  const SharedArray<Word> words(count);
  const SharedArray<double> times(turns);
  const auto last_turn = static_cast<std::uint32_t>(turns) + kWarmUp;
  Processes running;
  for (std::size_t i = 1; i < count; ++i) {
    running.start({}, [&] {
      for (std::uint32_t turn = 1; turn <= last_turn; ++turn) {
        wait(words[i], turn);
        wake(words[(i + 1) % count], turn);
      }
    });
  }
  running.start({}, [&] {
    auto due = now_ns();
    for (std::uint32_t turn = 1; turn <= last_turn; ++turn) {
      if (period.count() > 0) sleep_until(due += period.count());
      const auto start = now_ns();
      wake(words[1 % count], turn);
      wait(words[0], turn);
      if (turn <= kWarmUp) continue;
      times[turn - kWarmUp - 1] = static_cast<double>(now_ns() - start) / 1e3 / processes;
    }
  });
  running.wait();
  return {times.span().begin(), times.span().end()};
}

}  // namespace vcengine::bench
