#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"

namespace vcengine {

namespace {

void check_output(const Subject& subject, const std::string& output, Findings& findings) {
  const auto stage = "a loan of output '" + output + "' fails";
  subject.progress.stage(stage);
  Bench bench(subject);
  std::uint64_t number = 0;
  for (; number < 3; ++number) bench.round({.number = number});

  bench.harness().fail_loans(output);
  constexpr int kPatience = 12;
  Step step;
  for (int i = 0; i < kPatience && !bench.loan_failed(output); ++i) {
    step = bench.round({.number = number++});
    if (step.outcome == Outcome::ended) return;
  }
  if (!bench.loan_failed(output)) {
    findings.note("output '" + output + "' sends nothing for the test frames");
    return;
  }
  if (step.outcome == Outcome::stopping) {
    findings.fail("when " + stage + ", it behaves as if the circuit stopped");
  }
  subject.progress.stage("ordinary frames after " + stage);
  if (const auto trouble = trouble_with_ordinary_frames(bench, subject, number)) {
    findings.fail("after " + stage + ", the next frame is not worked on: it " + brief(*trouble));
  }
}

}  // namespace

void check_exceptions(const Subject& subject, Findings& findings) {
  const auto outputs = subject.outputs();
  if (outputs.empty()) throw CheckSkipped("it has no outputs");
  for (const auto& output : outputs) check_output(subject, output, findings);
}

}  // namespace vcengine
