/// From a command line to the types that are tested.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/catalog/describe.hpp"
#include "engine/conformance/check_runner.hpp"
#include "engine/conformance/test_command_line.hpp"
#include "engine/conformance/test_report.hpp"

namespace vcengine {

/// The command line asks for what cannot be; the text says so.
class BadTestCommand final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct TestPlan {
  std::vector<TestedType> types;
  std::vector<std::string> unusable;   ///< "edges.so: is not a shared library (it is empty)"
  std::vector<TypeReport> misbehaved;  ///< plugins that crash or hang when they are described
};

/// Throws BadTestCommand.
TestPlan make_test_plan(const TestCommand& command, const Describer& describer);

/// Those of the command line, or the usual ones.
std::vector<const Check*> checks_to_make(const TestCommand& command);

}  // namespace vcengine
