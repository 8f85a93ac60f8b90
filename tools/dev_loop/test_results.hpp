#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vcengine {

struct FailedTest {
  std::string name;
  std::string text;  ///< what it printed, without GoogleTest's frame around it
};

struct TestResults {
  std::size_t passed = 0;
  std::size_t skipped = 0;
  std::vector<FailedTest> failed;
};

/// From what `ctest --output-junit` wrote. Throws std::runtime_error if it is something else.
TestResults read_test_results(const std::string& junit);

/// "12 tests passed", or the failed ones first, each with the beginning of its text.
std::string to_string(const TestResults& results);

}  // namespace vcengine
