#include <fmt/format.h>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <sstream>

#include "engine/conformance/test_report.hpp"
#include "engine/show/utf8.hpp"

namespace vcengine {

namespace {

using Tree = boost::property_tree::ptree;

/// XML has no way to write most control characters.
std::string harmless(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    result += printable_text(text.substr(0, end));
    if (end < text.size()) result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string lines(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : "\n") + text;
  return harmless(all);
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

Tree test_case(const TypeReport& report, const CheckResult& check) {
  const auto& answer = check.answer;
  Tree tree;
  tree.put("<xmlattr>.classname",
           harmless(report.type.empty() ? report.plugin.filename().string() : report.type));
  tree.put("<xmlattr>.name", harmless(check.check));
  tree.put("<xmlattr>.time", seconds(check.time));
  if (answer.status == CheckStatus::failed) {
    Tree failure;
    const auto first = answer.failures.empty() ? "" : answer.failures.front();
    failure.put("<xmlattr>.message", harmless(first.substr(0, first.find('\n'))));
    failure.put_value(lines(answer.failures));
    tree.add_child("failure", failure);
  } else if (answer.status == CheckStatus::skipped) {
    tree.put("skipped.<xmlattr>.message", harmless(answer.reason));
  }
  if (!answer.notes.empty()) tree.put("system-out", lines(answer.notes));
  return tree;
}

void put_counts(Tree& tree, std::span<const TypeReport> reports) {
  const auto counts = count(reports);
  tree.put("<xmlattr>.tests", counts.passed + counts.failed + counts.skipped);
  tree.put("<xmlattr>.failures", counts.failed);
  tree.put("<xmlattr>.skipped", counts.skipped);
}

}  // namespace

std::string junit_xml(std::span<const TypeReport> reports) {
  Tree suites;
  suites.put("<xmlattr>.name", "vcengine test");
  put_counts(suites, reports);
  for (const auto& report : reports) {
    Tree suite;
    std::chrono::milliseconds time{0};
    for (const auto& check : report.checks) time += check.time;
    suite.put("<xmlattr>.name",
              harmless(report.type.empty() ? report.plugin.filename().string() : report.type));
    put_counts(suite, std::span(&report, 1));
    suite.put("<xmlattr>.time", seconds(time));
    suite.put("<xmlattr>.file", harmless(report.plugin.string()));
    for (const auto& check : report.checks) suite.add_child("testcase", test_case(report, check));
    suites.add_child("testsuite", suite);
  }
  Tree document;
  document.add_child("testsuites", suites);
  std::ostringstream text;
  boost::property_tree::write_xml(text, document);
  return text.str();
}

}  // namespace vcengine
