#include "engine/conformance/test_report.hpp"

#include <fmt/format.h>

#include "engine/show/utf8.hpp"

namespace vcengine {

namespace {

std::string_view mark(CheckStatus status, Glyphs glyphs) {
  const bool utf8 = glyphs == Glyphs::utf8;
  switch (status) {
    case CheckStatus::passed:
      return utf8 ? "✓" : "ok     ";
    case CheckStatus::failed:
      return utf8 ? "✗" : "FAILED ";
    case CheckStatus::skipped:
      break;
  }
  return utf8 ? "–" : "skipped";
}

/// Each line of `text` behind `indent`, fit for a terminal.
std::string indented(std::string_view text, std::string_view indent) {
  std::string result;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    result += std::string(indent) + printable_text(text.substr(0, end)) + '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace

Counts count(std::span<const TypeReport> reports) {
  Counts counts;
  for (const auto& report : reports) {
    for (const auto& check : report.checks) {
      const auto status = check.answer.status;
      ++(status == CheckStatus::passed   ? counts.passed
         : status == CheckStatus::failed ? counts.failed
                                         : counts.skipped);
    }
  }
  return counts;
}

std::string report_text(const TypeReport& report, Glyphs glyphs) {
  const auto file = printable_text(report.plugin.filename().string());
  auto text = report.type.empty() ? file + '\n' : printable_text(report.type) + " (" + file + ")\n";
  std::string_view last_reason;
  for (const auto& [name, answer, time] : report.checks) {
    text += fmt::format("  {} {}", mark(answer.status, glyphs), name);
    if (answer.status == CheckStatus::skipped) {
      text += ": " + (answer.reason == last_reason ? "as above" : printable_text(answer.reason));
      last_reason = answer.reason;
    }
    text += '\n';
    for (const auto& failure : answer.failures) text += indented(failure, "      ");
    for (const auto& note : answer.notes) text += indented("note: " + note, "      ");
  }
  return text;
}

std::string summary_text(const Counts& counts) {
  return fmt::format("{} {} passed, {} failed, {} skipped", counts.passed,
                     counts.passed == 1 ? "check" : "checks", counts.failed, counts.skipped);
}

}  // namespace vcengine
