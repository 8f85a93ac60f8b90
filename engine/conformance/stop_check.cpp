#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"

namespace vcengine {

namespace {

constexpr std::uint64_t kSome = 5;

class StopCheck {
 public:
  StopCheck(const Subject& subject, Findings& findings) : subject_(subject), findings_(findings) {}

  void run() {
    never_started();
    before_the_first_frame();
    in_the_middle(0);
    in_the_middle(3);
    at_the_end();
    while_it_waits_to_send();
  }

 private:
  void stop(Bench& bench, const std::string& when) {
    subject_.progress.stage(when);
    if (const auto words = bench.stop())
      findings_.fail("stop() throws " + when + ": " + brief(*words));
  }

  void never_started() {
    subject_.progress.stage("constructed, never started");
    Bench bench(subject_);
  }

  void before_the_first_frame() {
    Bench bench(subject_);
    bench.start();
    stop(bench, "stopped before the first frame");
  }

  void in_the_middle(std::uint64_t waiting) {
    Bench bench(subject_);
    subject_.progress.stage("frames before the stop");
    for (std::uint64_t i = 0; i < kSome; ++i) bench.round({.number = i});
    for (std::uint64_t i = 0; i < waiting; ++i) bench.put({.number = kSome + i});
    stop(bench, waiting > 0 ? "stopped with frames waiting" : "stopped in the middle");
  }

  void at_the_end() {
    if (!subject_.has_triggers()) return;
    Bench bench(subject_);
    subject_.progress.stage("frames before the end of its inputs");
    for (std::uint64_t i = 0; i < kSome; ++i) bench.round({.number = i});
    for (const auto& input : subject_.inputs) bench.harness().end(input.name);
    bench.step();
    stop(bench, "stopped at the end of its inputs");
  }

  /// The circuit is being stopped: loans throw Stopping, which must reach the worker.
  void while_it_waits_to_send() {
    Bench bench(subject_);
    subject_.progress.stage("frames before the circuit stops");
    for (std::uint64_t i = 0; i < kSome; ++i) bench.round({.number = i});
    bench.harness().begin_stop();
    subject_.progress.stage("frames while the circuit stops");
    for (std::uint64_t i = 0; i < 3; ++i) {
      const auto step = bench.round({.number = kSome + i});
      const bool swallowed = step.outcome == Outcome::done && bench.any_loan_stopped();
      if (swallowed) {
        findings_.fail(
            "swallows Stopping: a loan threw it, and process() returned as if nothing had "
            "happened; catch std::exception no wider than what you can handle, and let "
            "vcengine::Stopping pass");
      } else if (step.outcome == Outcome::threw && bench.any_loan_stopped()) {
        findings_.fail("turns Stopping into another exception (" + brief(step.words) +
                       "); let vcengine::Stopping pass");
      }
      if (step.outcome == Outcome::stopping || step.outcome == Outcome::ended) break;
    }
    stop(bench, "stopped while it waited to send");
  }

  const Subject& subject_;
  Findings& findings_;
};

}  // namespace

void check_stop(const Subject& subject, Findings& findings) { StopCheck(subject, findings).run(); }

}  // namespace vcengine
