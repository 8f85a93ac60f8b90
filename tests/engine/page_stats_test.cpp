/// Figures read from pages whose worker wrote over them.
#include "engine/run/page_stats.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace vcengine {
namespace {

constexpr auto kNothing = std::chrono::nanoseconds(0);

// The difference overflowed, which a sanitizer ends a host for.
TEST(PageStatsTest, NobodyIsAtWorkSinceATimeThatNoClockShows) {
  for (const auto since : {std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} >> 1}) {
    wire::StatusPage page{};
    page.state = static_cast<std::uint32_t>(wire::WorkerState::running);
    page.since = since;
    BlockStats block;
    read(page, block);
    EXPECT_EQ(block.at_work, kNothing) << since;
  }
}

TEST(PageStatsTest, ATimeOfAPageIsNeverNegative) {
  const wire::Word64 first{0}, last{std::uint64_t{1} << 63};
  EXPECT_EQ(time_of(first), kNothing);
  EXPECT_EQ(time_of(last), std::chrono::nanoseconds::max());
}

}  // namespace
}  // namespace vcengine
