#include "wire/slot_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

constexpr std::uint64_t kFrame = 1 << 20;

/// The slots that have memory, by what the kernel says of their first pages.
std::vector<std::uint32_t> slots_with_memory(const TestPool& pool) {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < pool.config.slots(); ++slot) {
    unsigned char here = 0;
    ::mincore(pool.writer->slot_data(slot), 4096, &here);
    if ((here & 1) != 0) slots.push_back(slot);
  }
  return slots;
}

class SlotMemoryTest : public testing::Test {
 protected:
  /// Publishes a frame of which nothing but the first byte is written.
  void publish(std::uint64_t size = kFrame) {
    const auto slot = pool_.writer->try_loan();
    ASSERT_TRUE(slot);
    last_slot_ = *slot;
    pool_.writer->slot_data(*slot)[0] = std::byte{1};
    auto header = header_of(pool_.writer->head() + 1);
    header.size = size;
    pool_.writer->publish(*slot, header);
    sut_.after_publish(size, pool_.writer->fresh_slot());
  }
  bool has_memory(std::uint32_t slot) const {
    const auto slots = slots_with_memory(pool_);
    return std::ranges::find(slots, slot) != slots.end();
  }

  TestPool pool_{{{.policy = Policy::wait, .depth = 1}}, {.spare = 8, .capacity = 2 * kFrame}};
  WriterSlotMemory sut_{*pool_.writer};
  std::uint32_t last_slot_ = 0;
};

TEST_F(SlotMemoryTest, TheSlotsThatAreUsuallyUsedHaveItAfterTheFirstFrame) {
  ASSERT_TRUE(slots_with_memory(pool_).empty());
  publish();
  for (std::uint32_t slot = 0; slot < pool_.writer->usual_slots(); ++slot) {
    EXPECT_TRUE(has_memory(slot)) << slot;
  }
  EXPECT_LT(slots_with_memory(pool_).size(), pool_.config.slots()) << "memory that nobody needs";
}

TEST_F(SlotMemoryTest, ASlotHasItBeforeItIsLoanedHoweverManyAReaderKeeps) {
  std::vector<FrameRef> kept;
  publish();
  for (int i = 0; i < 4; ++i) {
    auto frame = take_one(*pool_.readers[0]);
    ASSERT_TRUE(frame);
    kept.push_back(std::move(*frame));
    const auto before = slots_with_memory(pool_);
    publish();
    EXPECT_TRUE(std::ranges::find(before, last_slot_) != before.end()) << "slot " << last_slot_;
  }
}

TEST_F(SlotMemoryTest, AReaderThatLetsGoCostsNoMoreThanTheUsualSlots) {
  for (int i = 0; i < 50; ++i) {
    publish();
    ASSERT_TRUE(take_one(*pool_.readers[0]));
  }
  EXPECT_EQ(slots_with_memory(pool_).size(), pool_.writer->usual_slots());
}

TEST_F(SlotMemoryTest, LargerFramesGetTheRestOfTheirs) {
  publish();
  ASSERT_TRUE(take_one(*pool_.readers[0]));
  publish(2 * kFrame);
  unsigned char here = 0;
  for (std::uint32_t slot = 0; slot < pool_.writer->usual_slots(); ++slot) {
    ::mincore(pool_.writer->slot_data(slot) + 2 * kFrame - 4096, 4096, &here);
    EXPECT_EQ(here & 1, 1) << slot;
  }
}

}  // namespace
}  // namespace vcengine::wire
