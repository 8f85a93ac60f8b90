/// What a successor finds on its predecessor's status page.
#include "wire/kept_state.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "wire/segment.hpp"

namespace vcengine::wire {
namespace {

constexpr std::uint64_t kSchema = 7;

class KeptStateTest : public testing::Test {
 protected:
  KeptStateTest() { init_status_page(bytes_.bytes()); }

  StatusPage& page() { return status_page(bytes_.bytes()); }

  static std::vector<std::byte> values(unsigned char value, std::size_t size = 20) {
    return std::vector(size, std::byte{value});
  }

  Mapping bytes_ = Mapping::anonymous(sizeof(StatusPage));
  std::vector<std::byte> found_ = values(0);
};

TEST_F(KeptStateTest, TheFirstWorkerFindsNothing) {
  EXPECT_EQ(adopt_kept(page(), kSchema, found_), Kept::nothing);
}

TEST_F(KeptStateTest, ASuccessorFindsWhatWasCommittedLast) {
  adopt_kept(page(), kSchema, found_);
  for (unsigned char commit = 1; commit <= 5; ++commit) {
    commit_kept(page(), values(commit));
    ASSERT_EQ(adopt_kept(page(), kSchema, found_), Kept::values);
    ASSERT_EQ(found_, values(commit));
  }
}

TEST_F(KeptStateTest, TheRoomIsFilledToItsLastByte) {
  found_.resize(kKeptBytes);
  adopt_kept(page(), kSchema, found_);
  commit_kept(page(), values(1, kKeptBytes));
  commit_kept(page(), values(2, kKeptBytes));
  EXPECT_EQ(adopt_kept(page(), kSchema, found_), Kept::values);
  EXPECT_EQ(found_, values(2, kKeptBytes));
}

TEST_F(KeptStateTest, ValuesOfAnotherSchemaAreForgottenForGood) {
  adopt_kept(page(), kSchema, found_);
  commit_kept(page(), values(1));
  EXPECT_EQ(adopt_kept(page(), kSchema + 1, found_), Kept::another_schema);
  EXPECT_EQ(adopt_kept(page(), kSchema + 1, found_), Kept::nothing) << "it died before a commit";
  EXPECT_EQ(adopt_kept(page(), kSchema, found_), Kept::nothing) << "the old block is back";
}

TEST_F(KeptStateTest, KilledWhileItForgetsItLeavesNoOldValuesUnderTheNewSchema) {
  adopt_kept(page(), kSchema, found_);
  commit_kept(page(), values(1));
  page().kept_commits.store(0);  // and here it was killed
  EXPECT_EQ(adopt_kept(page(), kSchema + 1, found_), Kept::nothing);
  EXPECT_EQ(adopt_kept(page(), kSchema, found_), Kept::nothing);
}

TEST_F(KeptStateTest, WhoLooksWhileItCommitsSeesAllOfOneCommit) {
  found_.resize(kKeptBytes);
  adopt_kept(page(), kSchema, found_);
  commit_kept(page(), values(1, kKeptBytes));
  std::atomic<bool> done = false;
  std::thread worker([&] {
    for (unsigned char commit = 0; !done; ++commit) commit_kept(page(), values(commit, kKeptBytes));
  });
  auto before = std::byte{1};
  for (int changes = 0; changes < 300;) {
    if (!read_kept(page(), kSchema, found_)) continue;  // it was faster
    if (found_[0] != before) ++changes;
    before = found_[0];
    if (found_ != values(std::to_integer<unsigned char>(before), kKeptBytes)) {
      ADD_FAILURE() << "two commits in one look";
      break;
    }
  }
  done = true;
  worker.join();
}

}  // namespace
}  // namespace vcengine::wire
