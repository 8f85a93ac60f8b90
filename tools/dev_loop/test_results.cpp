#include "tools/dev_loop/test_results.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>
#include <string_view>

namespace vcengine {

namespace {

constexpr std::size_t kMostLines = 30;  // of one test

bool is_frame(std::string_view line) {
  constexpr std::array<std::string_view, 9> kFrames = {"Running main() from",
                                                       "Note: Google Test filter",
                                                       "[===",
                                                       "[---",
                                                       "[ RUN ",
                                                       "[  PASSED ",
                                                       "[  FAILED ",
                                                       " 1 FAILED TEST",
                                                       "Note: Randomizing"};
  for (const auto frame : kFrames) {
    if (line.starts_with(frame)) return true;
  }
  return line.empty();
}

std::string without_frame(const std::string& text) {
  std::istringstream in(text);
  std::string kept;
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line);) {
    if (is_frame(line)) continue;
    if (++lines <= kMostLines) kept += "  " + line + "\n";
  }
  if (lines > kMostLines) kept += fmt::format("  and {} more lines\n", lines - kMostLines);
  return kept;
}

}  // namespace

TestResults read_test_results(const std::string& junit) {
  std::istringstream in(junit);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(in, tree);
  TestResults results;
  for (const auto& [kind, test] : tree.get_child("testsuite")) {
    if (kind != "testcase") continue;
    const auto status = test.get<std::string>("<xmlattr>.status", "");
    if (status == "run") {
      ++results.passed;
    } else if (status == "fail") {
      auto text = without_frame(test.get<std::string>("system-out", ""));
      if (text.empty()) text = "  " + test.get<std::string>("failure.<xmlattr>.message", "") + "\n";
      results.failed.push_back({test.get<std::string>("<xmlattr>.name", "?"), std::move(text)});
    } else {
      ++results.skipped;
    }
  }
  return results;
}

std::string to_string(const TestResults& results) {
  std::string text;
  for (const auto& test : results.failed) text += fmt::format("{}\n{}", test.name, test.text);
  const auto all = results.passed + results.failed.size();
  if (!results.failed.empty()) {
    text += fmt::format("{} of {} tests failed", results.failed.size(), all);
  } else {
    text += all == 0 ? "no tests" : fmt::format("{} test{} passed", all, all == 1 ? "" : "s");
  }
  if (results.skipped > 0) text += fmt::format(", {} skipped", results.skipped);
  return text;
}

}  // namespace vcengine
