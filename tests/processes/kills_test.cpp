/// What is left of a circuit after its host ended, however it ended: nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>
#include <thread>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

namespace {

constexpr const char* kEndless =
    "blocks:\n"
    "  count: {type: core.counter}\n"
    "  times: {type: core.scale, params: {factor: 7}}\n"
    "  print: {type: io.print, params: {every: 1000000000}}\n"
    "  lossy: {type: core.null}\n"
    "wires:\n"
    "  - count.number -> times.in\n"
    "  - times.out -> print.in\n"
    "  - {from: times.out, to: lossy.in, policy: drop_oldest}\n";

class KillsTest : public HostTest {
 protected:
  void SetUp() override { adopt_orphans(); }

  /// Kills the host and gives the time until the last process that came from it is gone.
  static Milliseconds kill_and_bury(Process& host) {
    const auto since = Clock::now();
    host.signal(SIGKILL);
    EXPECT_EQ(128 + SIGKILL, host.wait());
    EXPECT_TRUE(eventually(no_children_left));
    return Clock::now() - since;
  }
};

}  // namespace

TEST_F(KillsTest, AHostKilledInMidRunLeavesNoWorkerAndNoMemory) {
  const auto memory_before = shared_memory();
  const auto sut = circuit(kEndless);
  Milliseconds slowest{0};
  for (int i = 0; i < 20; ++i) {
    Process host_process(host({sut}));
    host_process.wait_for_output("[print] 1 ");
    std::vector<Watched> workers;
    for (const auto& worker : workers_of(host_process.pid())) workers.emplace_back(worker.pid);
    ASSERT_EQ(4U, workers.size());
    slowest = std::max(slowest, kill_and_bury(host_process));
    for (const auto& worker : workers) EXPECT_TRUE(worker.has_ended());
  }
  std::cout << "the last worker was gone at most " << slowest.count() << " ms after its host\n";
  EXPECT_TRUE(shared_memory_is_as(memory_before));
}

TEST_F(KillsTest, AHostKilledAtAnyMomentOfTheSetUpLeavesNothing) {
  const auto memory_before = shared_memory();
  const auto sut = circuit(kEndless);
  run_host({"check", sut});  // the plugins are described once, beforehand
  const auto since = Clock::now();
  {
    Process whole(host({sut}));
    whole.wait_for_output("[print] 1 ");
    kill_and_bury(whole);
  }
  const auto set_up_time =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since);
  std::mt19937 random(20240229);
  std::uniform_int_distribution<std::int64_t> moment(0, set_up_time.count());
  for (int i = 0; i < 30; ++i) {
    const std::chrono::microseconds after(moment(random));
    Process host_process(host({sut}));
    std::this_thread::sleep_for(after);
    host_process.signal(SIGKILL);
    EXPECT_EQ(128 + SIGKILL, host_process.wait());
    EXPECT_TRUE(eventually(no_children_left)) << "killed after " << after.count() << " us";
  }
  EXPECT_TRUE(shared_memory_is_as(memory_before));
}

TEST_F(KillsTest, AHostKilledWhileItDescribesPluginsLeavesNothing) {
  auto command = host({"inspect", "--plugins", misbehaving("hang_at_load").string()});
  command.environment["XDG_CACHE_HOME"] = folder().string();
  Process sut(command);
  sut.wait_until([&] { return !children_of(sut.pid()).empty(); }, "a describing process");
  kill_and_bury(sut);
}

TEST_F(KillsTest, FiftyStartsAndStopsLeaveNoProcessNoDescriptorAndNoMemory) {
  const auto memory_before = shared_memory();
  const auto sut = circuit(kEndless);
  const auto descriptors_before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    {
      Process host_process(host({sut, "--quiet"}));
      host_process.wait_for_output("[print] 1 ");
      host_process.signal(SIGINT);
      ASSERT_EQ(130, host_process.wait()) << host_process.errors();
    }
    ASSERT_TRUE(no_children_left()) << "after start " << i + 1;  // at once: the host waits for them
    ASSERT_EQ(descriptors_before, open_descriptors()) << "after start " << i + 1;
  }
  EXPECT_TRUE(shared_memory_is_as(memory_before));
}

TEST_F(KillsTest, StoppedWorkersGoWithTheirHostToo) {
  Process sut(host({circuit(kEndless)}));
  sut.wait_for_output("[print] 1 ");
  for (const auto& worker : workers_of(sut.pid())) ::kill(worker.pid, SIGSTOP);
  kill_and_bury(sut);
}

}  // namespace vcengine::test
