/// When does a block grow? Windows are of 200 frames.
#include <gtest/gtest.h>

#include <vector>

#include "engine/conformance/growth_verdict.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kFrames = 200;

std::optional<std::string> verdict_on_heap(const std::vector<std::int64_t>& heap) {
  std::vector<Usage> usage;
  for (const auto bytes : heap) usage.push_back({.heap = bytes});
  return growth_verdict(usage, kFrames);
}

TEST(GrowthVerdictTest, FindsALeakOfEqualSizeInEachWindow) {
  EXPECT_EQ(verdict_on_heap({0, 22400, 44800, 67200, 89600, 112000}),
            "grows by 112 bytes a frame; seen over 1000 frames");
}

TEST(GrowthVerdictTest, FindsALeakThatIsRare) {
  EXPECT_EQ(verdict_on_heap({0, 500, 1000, 1500, 2000, 2500}),
            "grows by 2.5 bytes a frame; seen over 1000 frames");
}

TEST(GrowthVerdictTest, FindsAContainerThatDoublesInSomeWindows) {
  EXPECT_TRUE(verdict_on_heap({4096, 8192, 16384, 16384, 16384, 32768}));
}

TEST(GrowthVerdictTest, PassesACacheThatFillsOnce) {
  EXPECT_FALSE(verdict_on_heap({0, 90000, 180000, 270000, 270000, 270000}));
}

TEST(GrowthVerdictTest, PassesABufferThatIsAllocatedLate) {
  EXPECT_FALSE(verdict_on_heap({0, 0, 0, 0, 0, 1 << 20}));
}

TEST(GrowthVerdictTest, PassesWhatComesAndGoes) {
  EXPECT_FALSE(verdict_on_heap({0, 9000, 2000, 9500, 3000, 9900}));
}

TEST(GrowthVerdictTest, PassesWhatShrinks) {
  EXPECT_FALSE(verdict_on_heap({90000, 80000, 70000, 60000, 50000, 40000}));
}

TEST(GrowthVerdictTest, FindsDescriptorsAndThreads) {
  std::vector<Usage> usage;
  for (int i = 0; i < 6; ++i) usage.push_back({.descriptors = 200 * i, .threads = 1 + i});
  EXPECT_EQ(
      growth_verdict(usage, kFrames),
      "leaves 1 descriptors open a frame, leaves 0.005 threads a frame behind; seen over 1000 "
      "frames");
}

TEST(GrowthVerdictTest, FindsMemoryThatMallocDoesNotKnow) {
  std::vector<Usage> usage;
  for (int i = 0; i < 6; ++i) usage.push_back({.resident = std::int64_t{i} << 20});
  EXPECT_EQ(growth_verdict(usage, kFrames),
            "touches 5243 bytes more of memory a frame; seen over 1000 frames");
}

}  // namespace
}  // namespace vcengine
