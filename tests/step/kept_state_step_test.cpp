/// A worker that is killed at any instruction of a commit leaves the commit before, or this one.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/step/stepped_process.hpp"
#include "wire/kept_state.hpp"
#include "wire/segment.hpp"

namespace vcengine::test {
namespace {

using wire::Access;
using wire::Mapping;

constexpr std::uint64_t kSchema = 7;
constexpr std::size_t kSize = 60;  // its last word is not full
constexpr std::uint64_t kFewest = 20;

std::vector<std::byte> values(unsigned char value) { return std::vector(kSize, std::byte{value}); }

/// What a successor finds on a page as it is now; and that it can go on from there.
std::vector<std::byte> found_by_successor(const Mapping& page) {
  const auto copy = Mapping::anonymous(sizeof(wire::StatusPage));
  std::ranges::copy(page.bytes(), copy.bytes().begin());
  auto& status = wire::status_page(copy.bytes());
  auto found = values(0);
  EXPECT_EQ(wire::adopt_kept(status, kSchema, found), wire::Kept::values);
  wire::commit_kept(status, values(99));
  auto next = values(0);
  EXPECT_TRUE(wire::read_kept(status, kSchema, next));
  EXPECT_EQ(next, values(99));
  return found;
}

TEST(KeptStateStepTest, KilledAnywhereInACommitTheSuccessorFindsTheOneBeforeOrThisOne) {
  const auto file = wire::create_segment("vcengine:status", sizeof(wire::StatusPage));
  const Mapping page(file.get(), Access::read_write);
  wire::init_status_page(page.bytes());
  auto ignored = values(0);
  wire::adopt_kept(wire::status_page(page.bytes()), kSchema, ignored);
  for (unsigned char value = 1; value <= 3; ++value) {
    wire::commit_kept(wire::status_page(page.bytes()), values(value));
  }
  try {
    SteppedProcess worker([&] {
      const Mapping own(file.get(), Access::read_write);  // a mapping does not survive the fork
      auto& status = wire::status_page(own.bytes());
      const auto next = values(4);
      begin_steps();
      wire::commit_kept(status, next);
      end_steps();
    });
    std::uint64_t points = 0;
    bool committed = false;
    do {
      const auto found = found_by_successor(page);
      committed = committed || found == values(4);
      ASSERT_EQ(found, values(committed ? 4 : 3)) << "killed at instruction " << points;
      ++points;
    } while (worker.step(false) != SteppedProcess::Stop::end);
    EXPECT_TRUE(committed);
    EXPECT_GE(points, kFewest);
  } catch (const PtraceForbidden& error) {
    GTEST_SKIP() << error.what();
  }
}

}  // namespace
}  // namespace vcengine::test
