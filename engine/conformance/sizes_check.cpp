#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"

namespace vcengine {

namespace {

struct Case {
  std::string name;
  Round round;
};

std::string size_name(PictureSize size) {
  return "pictures of " + std::to_string(size.columns) + "x" + std::to_string(size.rows);
}

/// The large one last: it takes longest.
std::vector<Case> cases_for(const Subject& subject) {
  std::vector<Case> cases;
  if (subject.takes_pictures()) {
    constexpr PictureSize kSizes[] = {{1, 1}, {97, 1},    {1, 97},    {2, 2},      {127, 31},
                                      {0, 0}, {641, 479}, {640, 480}, {4096, 3072}};
    for (const auto size : kSizes) cases.push_back({size_name(size), {.size = size}});
  }
  if (subject.takes_values()) {
    cases.push_back({"empty values", {.amount = Amount::nothing}});
    cases.push_back({"values of one element", {.amount = Amount::one}});
    cases.push_back({"huge values", {.amount = Amount::huge}});
    cases.push_back({"odd values (not a number, text that is no UTF-8)", {.amount = Amount::odd}});
  }
  return cases;
}

class SizesCheck {
 public:
  SizesCheck(const Subject& subject, Findings& findings) : subject_(subject), findings_(findings) {}

  /// As the first that the block ever sees.
  void run_from_the_start(const Case& one) {
    subject_.progress.stage(one.name + " from the start");
    Bench bench(subject_);
    bench.on_frame(shape_check());
    feed(bench, one, 0);
    if (const auto words = bench.stop()) {
      findings_.note("stop() after " + one.name + ": " + brief(*words));
    }
  }

  /// Among ordinary ones.
  void run_in_mid_stream(const Case& one) {
    subject_.progress.stage(one.name + " in mid-stream");
    Bench bench(subject_);
    bench.on_frame(shape_check());
    for (std::uint64_t i = 0; i < 2; ++i) bench.round({.number = i});
    feed(bench, one, 2);
    subject_.progress.stage("ordinary frames after " + one.name);
    if (const auto trouble = trouble_with_ordinary_frames(bench, subject_, 4)) {
      findings_.fail("after " + one.name + ", an ordinary frame is no longer worked on: it " +
                     brief(*trouble));
    }
  }

 private:
  void feed(Bench& bench, const Case& one, std::uint64_t first) {
    auto round = one.round;
    for (round.number = first; round.number < first + 2; ++round.number) {
      const auto step = bench.round(round);
      if (step.outcome == Outcome::threw) {
        findings_.note("refuses " + one.name + ": " + brief(step.words));
      }
    }
  }

  std::function<void(const std::string&, const FrameRef&)> shape_check() {
    return [this](const std::string& output, const FrameRef& frame) {
      if (const auto words = malformed(frame.header())) {
        findings_.fail("output '" + output + "' sent a torn frame: " + *words);
      }
    };
  }

  const Subject& subject_;
  Findings& findings_;
};

}  // namespace

void check_sizes(const Subject& subject, Findings& findings) {
  if (subject.is_source()) throw CheckSkipped("it has no inputs");
  SizesCheck check(subject, findings);
  for (const auto& one : cases_for(subject)) {
    check.run_from_the_start(one);
    check.run_in_mid_stream(one);
  }
}

}  // namespace vcengine
