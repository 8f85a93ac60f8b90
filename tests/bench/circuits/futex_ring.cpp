#include "futex_ring.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>

#include "measure/clock.hpp"
#include "measure/cores.hpp"
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

constexpr std::size_t kLinesOfAPage = 64;

struct alignas(64) Line {
  Line* next = nullptr;
};
struct alignas(4096) Page {
  Line lines[kLinesOfAPage];
};

/// Lines in some pages, in an order that no prefetcher guesses.
class Walk {
 public:
  Walk(Lines lines, bool in_turn)
      : pages_(std::max<std::size_t>(1, lines.pages)), in_turn_(in_turn) {
    for (std::size_t i = 0; i < lines.lines; ++i) {
      // Not the same line in each page: those would all want the same place in the cache.
      const auto row = i / lines.pages, page = i % lines.pages;
      order_.push_back(&pages_[page].lines[(row * 11 + page * 7) % kLinesOfAPage]);
    }
    std::ranges::shuffle(order_, std::minstd_rand(1));
    for (std::size_t i = 0; i + 1 < order_.size(); ++i) order_[i]->next = order_[i + 1];
  }

  void go() const {
    if (in_turn_) {
      for (auto* line = order_.empty() ? nullptr : order_.front(); line != nullptr;) {
        line = read(*line);
      }
    } else {
      for (const auto* line : order_) read(*line);
    }
  }

 private:
  static Line* read(const Line& line) { return *const_cast<Line* const volatile*>(&line.next); }

  SharedArray<Page> pages_;
  bool in_turn_;
  std::vector<Line*> order_;
};

}  // namespace

std::optional<int> core_of(Placement placement, int i) {
  const auto cores = usable_cores();
  if (placement == Placement::anywhere || cores.size() < 2) return std::nullopt;
  return cores[placement == Placement::on_one_core ? 0 : static_cast<std::size_t>(i) % 2];
}

std::vector<double> futex_ring_hops(int processes, std::size_t turns,
                                    std::chrono::nanoseconds period, Placement placement,
                                    const Touched& touched) {
  const auto count = static_cast<std::size_t>(processes);
  const SharedArray<Word> words(count);
  const SharedArray<double> times(turns);
  const auto last_turn = static_cast<std::uint32_t>(turns) + kWarmUp;
  const Walk shared(touched.shared, touched.in_turn);
  Processes running;
  for (std::size_t i = 1; i < count; ++i) {
    running.start(core_of(placement, static_cast<int>(i)), [&, i] {
      const Walk own(touched.own, touched.in_turn);
      for (std::uint32_t turn = 1; turn <= last_turn; ++turn) {
        wait(words[i], turn);
        shared.go();
        own.go();
        wake(words[(i + 1) % count], turn);
      }
    });
  }
  running.start(core_of(placement, 0), [&] {
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
