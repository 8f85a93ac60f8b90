/// The supervisor with a worker that is no process: what it says to a message that no worker should
/// send.
#include "engine/run/supervisor.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <string>
#include <vector>

#include "tests/engine/checked_circuit.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {
namespace {

/// A worker that has said all it has to say before the host reads the first of it, and ends when it
/// is killed.
class OutspokenWorker final : public ProcessLauncher {
 public:
  explicit OutspokenWorker(std::vector<JsonObject> words) : words_(std::move(words)) {}

  WorkerProcess launch(const std::string&, const Variables&) override {
    auto [host, worker] = Channel::make();
    for (const auto& word : words_) worker.send(word);
    channel_ = std::move(worker);
    FileDescriptor pidfd(::eventfd(0, EFD_CLOEXEC));
    ended_ = FileDescriptor(::dup(pidfd.get()));
    return {.pid = 1000, .pidfd = std::move(pidfd), .control = std::move(host)};
  }
  void signal(const WorkerProcess&, int) noexcept override {
    channel_ = Channel();
    ::eventfd_write(ended_.get(), 1);
  }
  ProcessEnd reap(const WorkerProcess&) noexcept override { return {.signal = SIGKILL}; }

 private:
  const std::vector<JsonObject> words_;
  Channel channel_;
  FileDescriptor ended_;
};

class RecordingConsole final : public RunConsole {
 public:
  void block_output(std::string_view, std::string_view) override {}
  void block_error(std::string_view, std::string_view) override {}
  bool takes_output() override { return true; }
  int output_fd() const override { return -1; }
  void note(std::string_view) override {}
  void error(std::string_view text) override { errors += std::string(text) + '\n'; }
  void show(const RunStats&) override {}

  std::string errors;
};

// The host called a debugger that it did not have, and died.
TEST(SupervisorTest, ABlockThatWaitsForADebuggerThatNobodyAskedForIsGivenUp) {
  const auto plan = plan_of("blocks: {count: {type: control.constant, rate: 1}}\n");
  OutspokenWorker worker(
      {{{"op", "hello"}, {"abi", kAbiVersion}, {"layout_major", wire::kLayoutMajor}},
       {{"op", "debug_wait"}, {"class", "Count"}, {"process", 0x1000}}});
  RecordingConsole console;
  Supervisor sut(
      plan, {}, worker, [](const auto&) { return std::string(); }, console);
  EXPECT_EQ(sut.run(), ExitStatus::block_gave_up);
  EXPECT_EQ(console.errors,
            "block count gave up: its control messages make no sense: it waits for a debugger that "
            "nobody "
            "asked for\n");
}

}  // namespace
}  // namespace vcengine
