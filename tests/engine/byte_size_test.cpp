#include "engine/control/byte_size.hpp"

#include <gtest/gtest.h>

namespace vcengine {
namespace {

TEST(ByteSizeTest, IsWrittenExactlyInTheUnitThatTakesTheSmallestNumber) {
  EXPECT_EQ(size_text(512'000'000), "512 MB");
  EXPECT_EQ(size_text(std::uint64_t{64} << 20U), "64 MiB");
  EXPECT_EQ(size_text(std::uint64_t{3} << 29U), "1536 MiB");
  EXPECT_EQ(size_text(2'000'000'000), "2 GB");
  EXPECT_EQ(size_text(1500), "1500 bytes");
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(0), "0 bytes");
}

TEST(ByteSizeTest, WhatWasWrittenIsReadAsTheSameSize) {
  for (const std::uint64_t bytes : {1ULL, 999ULL, 1000ULL, 1024ULL, 1'024'000ULL, 1ULL << 30U,
                                    3'000'000'000ULL, 123'456'789ULL, 1ULL << 53U}) {
    auto text = size_text(bytes);
    if (const auto word = text.find(" byte"); word != text.npos) text.resize(word);
    EXPECT_EQ(parse_size(text), bytes) << text;
  }
}

TEST(ByteSizeTest, WhatIsNoSizeIsNone) {
  for (const auto* text : {"", "MB", "-1", "1 M", "1.5", "0.0001kB", "1e3", "1MB ", "inf", "0x10",
                           "9007199254740994B", "99999999999GiB", "1..5GB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
  EXPECT_EQ(parse_size("1.5 GiB"), std::uint64_t{3} << 29U);
  EXPECT_EQ(parse_size("300kB"), 300'000U);
}

}  // namespace
}  // namespace vcengine
