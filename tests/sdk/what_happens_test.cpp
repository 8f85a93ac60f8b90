/// sdk/doc/what_happens_when.md promises that each of its rows is a test.
#include <gtest/gtest.h>

#include "tests/sdk/named_tests.hpp"

namespace vcengine {
namespace {

/// Of its tables, without their heads and rules.
std::vector<std::string> rows_of(const std::string& page) {
  std::vector<std::string> lines, rows;
  std::istringstream stream(page);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_rule = lines[i].starts_with("|--");
    const bool is_head = i + 1 < lines.size() && lines[i + 1].starts_with("|--");
    if (lines[i].starts_with("| ") && !is_rule && !is_head) rows.push_back(lines[i]);
  }
  return rows;
}

class WhatHappensTest : public testing::Test {
 protected:
  const std::string page_ = content_of(VCENGINE_WHAT_HAPPENS);
};

TEST_F(WhatHappensTest, TheTestsThatThePageNamesExist) {
  EXPECT_EQ(NamedTests(page_, VCENGINE_TESTS).missing(), std::vector<std::string>());
}

TEST_F(WhatHappensTest, EachRowNamesOne) {
  const auto rows = rows_of(page_);
  EXPECT_GT(rows.size(), 30U);
  for (const auto& row : rows) {
    EXPECT_GT(NamedTests(row, VCENGINE_TESTS).count(), 0U) << row;
  }
}

}  // namespace
}  // namespace vcengine
