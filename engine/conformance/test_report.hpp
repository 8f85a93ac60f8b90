/// What all checks found, for people and for CI.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/conformance/check_runner.hpp"
#include "engine/show/human_units.hpp"

namespace vcengine {

struct TypeReport {
  std::filesystem::path plugin;
  std::string type;  ///< empty: the file's own, which could not be described
  std::vector<CheckResult> checks;
};

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
};

Counts count(std::span<const TypeReport> reports);

/// One line a check, details below those that failed.
std::string report_text(const TypeReport& report, Glyphs glyphs);
/// "41 checks passed, 1 failed, 3 skipped"
std::string summary_text(const Counts& counts);

/// JUnit's XML, as CI services read it: a suite a type, a case a check. Whatever blocks wrote, it
/// is well-formed UTF-8.
std::string junit_xml(std::span<const TypeReport> reports);

}  // namespace vcengine
