/// Runs checks, each in a child of its own, and turns every way in which such a child may end into
/// an answer. This process never loads a plugin.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/conformance/checks.hpp"
#include "engine/process/child_process.hpp"

namespace vcengine {

/// A block type that is tested, and what was found.
struct TestedType {
  std::filesystem::path plugin;
  std::string type;
  Settings settings;
};

struct CheckResult {
  std::string check;
  CheckAnswer answer;
  std::chrono::milliseconds time{0};
};

struct RunnerOptions {
  std::filesystem::path program;  ///< vcengine-test itself
  std::filesystem::path folder;   ///< in which each check gets one of its own
  std::chrono::milliseconds timeout{60'000};
  std::size_t frames = 1000;
};

class CheckRunner {
 public:
  explicit CheckRunner(RunnerOptions options, RunChildren run = run_children)
      : options_(std::move(options)), run_(std::move(run)) {}

  /// May be called on several threads at a time, each of which lives on until it returns.
  CheckResult run(const TestedType& tested, const Check& check) const;

 private:
  CheckAnswer answer(const TestedType& tested, const Check& check) const;
  CheckAnswer compare_two_runs(const TestedType& tested, const Check& check) const;
  CheckAnswer run_under_valgrind(const TestedType& tested, const Check& check) const;
  ChildResult run_child(const CheckRequest& request, const std::filesystem::path& folder,
                        std::vector<std::string> before = {}) const;
  CheckRequest request(const TestedType& tested, const Check& check) const;

  RunnerOptions options_;
  RunChildren run_;
};

/// The child's own answer, or in words what became of it instead: "crashed (SIGSEGV) at frame 3,
/// pictures of 1x1".
CheckAnswer answer_of(const ChildResult& result, std::chrono::milliseconds timeout);

}  // namespace vcengine
