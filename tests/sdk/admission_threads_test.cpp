/// A live source with two branches that meet, each block on a thread of its own: what
/// ThreadSanitizer can look at, as it cannot at processes.
#include <chrono>
#include <thread>

#include "tests/sdk/runner_fixture.hpp"
#include "wire/futex.hpp"

namespace vcengine::detail {
namespace {

constexpr int kFrames = 300;

/// Two frames of one stamp a call.
struct Camera final : Block {
  Out<Number> out{this, "out"};
  int sent = 0;
  void process() override {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    set_stamp(sent * 1ms);
    out.publish(sent);
    out.publish(sent + 0.5);
    if (++sent == kFrames) finish();
  }
};

struct Work final : Block {
  In<Number> in{this, "in"};
  Out<Number> out{this, "out"};
  std::chrono::microseconds time{0};
  void process() override {
    std::this_thread::sleep_for(time);
    out.publish(*in);
  }
};

/// Of a host with so many workers.
class Pages {
 public:
  explicit Pages(int workers) : host_bytes_(wire::Mapping::anonymous(wire::host_page_size(0))) {
    wire::init_host_page(host_bytes_.bytes(), 0);
    set(wire::RunState::run);
    for (int i = 0; i < workers; ++i) {
      status_bytes_.push_back(wire::Mapping::anonymous(sizeof(wire::StatusPage)));
      wire::init_status_page(status_bytes_.back().bytes());
    }
  }

  wire::HostPage& host() { return wire::host_page(host_bytes_.bytes()); }
  wire::StatusPage& status(std::size_t worker) {
    return wire::status_page(status_bytes_[worker].bytes());
  }

  void set(wire::RunState state) {
    host().run_state.store(static_cast<std::uint32_t>(state));
    host().bell.fetch_add(1);
    wire::futex_wake(host().bell);
  }

 private:
  wire::Mapping host_bytes_;
  std::vector<wire::Mapping> status_bytes_;
};

TEST(AdmissionThreadsTest, WhatIsLetInMeetsAndWhatIsNotIsBusy) {
  wire::FutexDoorbell doorbell;
  wire::PoolConfig admitted;
  admitted.loans = 6;
  TestPool frames({{Policy::wait, 1}, {Policy::wait, 1}}, admitted, &doorbell);
  TestPool slow_out({{Policy::wait, 2}}, {}, &doorbell),
      fast_out({{Policy::wait, 2}}, {}, &doorbell);

  Pages pages(4);
  auto& host = pages.host();
  const auto status = [&](std::size_t i) -> wire::StatusPage& { return pages.status(i); };

  Camera camera;
  Work slow, fast;
  slow.time = std::chrono::microseconds(700);
  fast.time = std::chrono::microseconds(300);
  Join join;
  const auto run = [&](std::size_t i, Block& block, std::vector<WiredInput> inputs,
                       std::vector<BlockRunner::Output> outputs, bool live = false) {
    return std::thread([&, i, live, inputs = std::move(inputs),
                        outputs = std::make_shared<std::vector<BlockRunner::Output>>(
                            std::move(outputs))]() mutable {
      wire::SharedWaiter waiter(host, FileDescriptor());
      std::unique_ptr<Admission> admission;
      if (live) {
        std::vector<AdmissionForecast::Member> members{
            {&status(1), {}, false}, {&status(2), {}, false}, {&status(3), {0, 1}, true}};
        admission = std::make_unique<Admission>(std::move(members), host, status(0).busy);
      }
      BlockRunner runner(block, std::move(inputs), std::move(*outputs), waiter, status(i),
                         {.sync = {}, .offline = false, .admitted = !live}, std::move(admission));
      for (;;) {
        const auto ready = runner.poll();
        if (ready == Ready::finished) break;
        if (ready == Ready::yes) {
          runner.process();
        } else {
          waiter.wait_for_frames(
              runner.readers(), [&] { return runner.might_be_ready(); }, runner.deadline());
        }
      }
      runner.end_outputs();
    });
  };
  const auto output = [](OutputBase& port, TestPool& pool) {
    std::vector<BlockRunner::Output> outputs;
    outputs.push_back({&port, std::move(pool.writer)});
    return outputs;
  };
  std::vector<std::thread> threads;
  threads.push_back(
      run(3, join, {{&join.a, slow_out.readers[0]}, {&join.b, fast_out.readers[0]}}, {}));
  threads.push_back(run(1, slow, {{&slow.in, frames.readers[0]}}, output(slow.out, slow_out)));
  threads.push_back(run(2, fast, {{&fast.in, frames.readers[1]}}, output(fast.out, fast_out)));
  threads.push_back(run(0, camera, {}, output(camera.out, frames), true));
  for (auto& thread : threads) thread.join();

  const auto busy = status(0).busy.load();
  EXPECT_EQ(join.pairs.size() + 2 * busy, 2U * kFrames);
  EXPECT_GT(busy, 0U);
  ASSERT_FALSE(join.pairs.empty());
  EXPECT_EQ(join.pairs.back(), std::pair(kFrames - 0.5, kFrames - 0.5)) << "the last one goes in";
  for (const auto& [a, b] : join.pairs) EXPECT_EQ(a, b);
}

TEST(AdmissionThreadsTest, ASourceThatHasEndedSaysThatItsLastFrameWaitsForSpace) {
  wire::PoolConfig admitted;
  admitted.loans = 6;
  TestPool frames({{Policy::wait, 1}}, admitted);
  Pages pages(2);
  std::thread source([&] {
    Camera camera;
    camera.sent = kFrames - 2;  // two calls to go; nobody takes what they send
    wire::SharedWaiter waiter(pages.host(), FileDescriptor());
    std::vector<BlockRunner::Output> outputs;
    outputs.push_back({&camera.out, std::move(frames.writer)});
    std::vector<AdmissionForecast::Member> members{{&pages.status(1), {}, false}};
    BlockRunner runner(
        camera, {}, std::move(outputs), waiter, pages.status(0), {},
        std::make_unique<Admission>(std::move(members), pages.host(), pages.status(0).busy));
    while (runner.poll() == Ready::yes) runner.process();
    runner.end_outputs();
  });
  const auto is = [&](wire::WorkerState state) {
    return pages.status(0).state.load() == static_cast<std::uint32_t>(state);
  };
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!is(wire::WorkerState::waiting_space) && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  EXPECT_TRUE(is(wire::WorkerState::waiting_space));
  pages.set(wire::RunState::stop_sources);
  source.join();
  EXPECT_TRUE(is(wire::WorkerState::finished));
}

}  // namespace
}  // namespace vcengine::detail
