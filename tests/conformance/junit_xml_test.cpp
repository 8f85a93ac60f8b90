/// Whatever a block is called and writes, the XML can be read back.
#include <gtest/gtest.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "engine/conformance/test_report.hpp"
#include "engine/show/utf8.hpp"

namespace vcengine {
namespace {

CheckResult result(CheckStatus status, const std::string& words) {
  CheckResult check{.check = "sizes", .answer = {}, .time = std::chrono::milliseconds(1500)};
  check.answer.status = status;
  if (status == CheckStatus::failed) check.answer.failures = {words};
  if (status == CheckStatus::skipped) check.answer.reason = words;
  if (status == CheckStatus::passed) check.answer.notes = {words};
  return check;
}

TypeReport report(std::vector<CheckResult> checks) {
  return {.plugin = "/tmp/a.so", .type = "my.block", .checks = std::move(checks)};
}

boost::property_tree::ptree parse(const std::string& xml) {
  std::istringstream stream(xml);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(stream, tree);
  return tree;
}

TEST(JunitXmlTest, CountsAndNamesChecks) {
  const std::vector reports{report(
      {result(CheckStatus::passed, "a note"), result(CheckStatus::failed, "crashed"),
       result(CheckStatus::failed, "hangs"), result(CheckStatus::failed, "exits"),
       result(CheckStatus::skipped, "no display"), result(CheckStatus::skipped, "no camera")})};
  const auto tree = parse(junit_xml(reports));
  EXPECT_EQ(tree.get<int>("testsuites.<xmlattr>.tests"), 6);
  EXPECT_EQ(tree.get<int>("testsuites.<xmlattr>.failures"), 3);
  EXPECT_EQ(tree.get<int>("testsuites.testsuite.<xmlattr>.skipped"), 2);
  EXPECT_EQ(tree.get<std::string>("testsuites.testsuite.<xmlattr>.name"), "my.block");
  EXPECT_EQ(tree.get<std::string>("testsuites.testsuite.<xmlattr>.time"), "9.000");
  std::string seen;
  for (const auto& [name, child] : tree.get_child("testsuites.testsuite")) {
    if (name != "testcase") continue;
    EXPECT_EQ(child.get<std::string>("<xmlattr>.classname"), "my.block");
    seen += child.get("failure.<xmlattr>.message", "") + '|' +
            child.get("skipped.<xmlattr>.message", "") + '|' + child.get("system-out", "") + '\n';
  }
  EXPECT_EQ(seen, "||a note\ncrashed||\nhangs||\nexits||\n|no display|\n|no camera|\n");
}

TEST(JunitXmlTest, WritesTheFirstLineOfAFailureAsItsMessageAndAllOfItAsText) {
  const std::vector reports{report({result(CheckStatus::failed, "crashed\n  last words")})};
  const auto tree = parse(junit_xml(reports));
  const auto& failure = tree.get_child("testsuites.testsuite.testcase.failure");
  EXPECT_EQ(failure.get<std::string>("<xmlattr>.message"), "crashed");
  EXPECT_EQ(failure.get_value<std::string>(), "crashed\n  last words");
}

TEST(JunitXmlTest, SurvivesEveryByteThereIs) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  all += "]]><!-- & \" ' </failure>";
  const std::vector reports{report({result(CheckStatus::failed, all)})};
  const auto xml = junit_xml(reports);
  EXPECT_FALSE(find_invalid_utf8(xml));
  for (const char c : xml)
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 32 || c == '\n' || c == '\t');
  const auto text = parse(xml).get<std::string>("testsuites.testsuite.testcase.failure");
  EXPECT_NE(text.find("]]><!-- & \" ' </failure>"), std::string::npos) << text;
}

}  // namespace
}  // namespace vcengine
