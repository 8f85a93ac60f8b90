/// Runners wired by hand, as the workers of a circuit are, on one thread.
#pragma once

#include <gtest/gtest.h>

#include "block_access.hpp"
#include "block_runner.hpp"
#include "tests/sdk/test_blocks.hpp"
#include "tests/sdk/test_pool.hpp"

namespace vcengine::detail {

using wire::Policy;
using wire::ReaderSpec;
using wire::TestPool;
using Ready = BlockRunner::Ready;
using std::chrono_literals::operator""ms;

/// Nobody may have to wait in these tests.
class NoWaiter final : public wire::Waiter {
 public:
  void wait_for_frames(std::span<const std::shared_ptr<wire::RingReader>>,
                       const std::function<bool()>&,
                       std::chrono::steady_clock::time_point) override {
    throw std::logic_error("waits for frames");
  }
  void wait_for_space(wire::RingWriter&, const std::function<bool()>&) override {
    throw std::logic_error("waits for space");
  }
  wire::RunState run_state() const noexcept override { return state; }

  wire::RunState state = wire::RunState::run;
};

class BlockRunnerTest : public testing::Test {
 protected:
  BlockRunnerTest() { wire::init_status_page(status_.bytes()); }

  wire::StatusPage& status() { return wire::status_page(status_.bytes()); }

  BlockRunner run(Block& block, std::vector<BlockRunner::Input> inputs,
                  std::vector<BlockRunner::Output> outputs = {}, RunnerOptions options = {}) {
    return {block, std::move(inputs), std::move(outputs), waiter_, status(), options};
  }

  static std::vector<BlockRunner::Output> to(OutputBase& port, TestPool& pool) {
    std::vector<BlockRunner::Output> outputs;
    outputs.push_back({&port, std::move(pool.writer)});
    return outputs;
  }
  static std::vector<BlockRunner::Output> to(OutputBase& port, TestPool& pool, OutputBase& second,
                                             TestPool& second_pool) {
    auto outputs = to(port, pool);
    outputs.push_back({&second, std::move(second_pool.writer)});
    return outputs;
  }

  /// As a source does: the frame, then the promise that this stamp is over.
  static void send(TestPool& pool, double value, Stamp stamp, bool stamp_is_over = true) {
    const auto encoded = FrameTraits<Number>::encode(value);  // refers to `value`
    auto& writer = *pool.writer;
    ASSERT_TRUE(writer.has_space());
    const auto slot = *writer.try_loan();
    std::ranges::copy(encoded.bytes, writer.slot_data(slot));
    FrameHeader header;
    header.type = encoded.type;
    header.size = encoded.bytes.size();
    header.stamp = stamp;
    writer.publish(slot, header);
    if (stamp_is_over) writer.advance_bound(stamp.count() + 1, true);
  }
  static bool step(BlockRunner& runner) {
    if (runner.poll() != Ready::yes) return false;
    runner.process();
    return true;
  }

  NoWaiter waiter_;
  wire::Mapping status_ = wire::Mapping::anonymous(sizeof(wire::StatusPage));
};

}  // namespace vcengine::detail
