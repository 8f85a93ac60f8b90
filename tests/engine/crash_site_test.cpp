#include "engine/crash/crash_site.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace vcengine {
namespace {

std::uintptr_t address_of(const char& byte) { return reinterpret_cast<std::uintptr_t>(&byte); }

TEST(CrashSiteTest, KnowsTheInputOfAnAddress) {
  char memory[8] = {};
  CrashSite sut;
  sut.add_read_only(memory, memory + 4, "left");
  sut.add_read_only(memory + 4, memory + 6, "right");
  EXPECT_STREQ(sut.input_at(address_of(memory[3]))->data(), "left");
  EXPECT_STREQ(sut.input_at(address_of(memory[4]))->data(), "right");
  EXPECT_EQ(sut.input_at(address_of(memory[6])), nullptr);
}

TEST(CrashSiteTest, CutsLongNames) {
  char byte = 0;
  CrashSite sut;
  sut.add_read_only(&byte, &byte + 1, std::string(1000, 'x'));
  EXPECT_EQ(std::string(sut.input_at(address_of(byte))->data()),
            std::string(CrashRecord::kMaxInputName - 1, 'x'));
}

TEST(CrashSiteTest, ForgetsInputsBeyondItsRoom) {
  CrashSite sut;
  char memory[CrashSite::kMaxRanges + 1] = {};
  for (char& byte : memory) sut.add_read_only(&byte, &byte + 1, "image");
  EXPECT_NE(sut.input_at(address_of(memory[CrashSite::kMaxRanges - 1])), nullptr);
  EXPECT_EQ(sut.input_at(address_of(memory[CrashSite::kMaxRanges])), nullptr);
}

}  // namespace
}  // namespace vcengine
