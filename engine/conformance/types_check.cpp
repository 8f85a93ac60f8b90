#include <algorithm>

#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"

namespace vcengine {

namespace {

/// One frame of each type there is, about.
std::vector<FrameKind> some_of_all() {
  std::vector<FrameKind> kinds;
  for (const auto type :
       {pixels::k8UC1, pixels::k8UC3, pixels::k8UC4, pixels::k16UC1, pixels::k32FC1,
        FrameType{Family::number, 0}, FrameType{Family::text, 0}, FrameType{Family::bytes, 0},
        FrameType{Family::array, static_cast<std::uint32_t>(Element::f32)},
        FrameType{Family::array, static_cast<std::uint32_t>(Element::u8)}}) {
    kinds.push_back({.type = type, .record_size = 0, .fields = {}});
  }
  kinds.push_back({.type = {Family::record, 1}, .record_size = 24, .fields = {}});
  return kinds;
}

bool takes(const Input& input, FrameType type) {
  if (input.port.type == "any") return true;
  if (input.port.type == "image") return type.family == Family::image;
  return type == input.kind.type;
}

void check_frame(const Subject& subject, const Input& input, const FrameKind& kind,
                 Findings& findings) {
  const auto what = to_string(kind.type) + " at input '" + input.name + "'";
  subject.progress.stage(what);
  Bench bench(subject);
  bench.start();
  Round round;
  for (; round.number < 2; ++round.number) bench.round(round);
  bench.put(round, input.name, make_frame(kind, round));
  const auto step = bench.step();
  const bool triggers = input.port.role == PortRole::in;
  if (takes(input, kind.type)) {
    if (step.outcome == Outcome::threw) {
      findings.note("refuses " + what + ": " + brief(step.words));
    }
  } else if (triggers && step.outcome != Outcome::none && step.outcome != Outcome::ended) {
    findings.fail("was called with " + what + ", which takes " + input.port.type + " only");
  }
  if (const auto trouble = trouble_with_ordinary_frames(bench, subject, 3)) {
    findings.fail("after " + what + ", an ordinary frame is no longer worked on: it " +
                  brief(*trouble));
  }
}

/// Pictures of different sizes in one round: the block may refuse them, and must go on.
void check_different_sizes(const Subject& subject, const Input& input, Findings& findings) {
  subject.progress.stage("a smaller picture at input '" + input.name + "' alone");
  Bench bench(subject);
  for (std::uint64_t i = 0; i < 2; ++i) bench.round({.number = i});
  const Round smaller{.number = 2, .size = {80, 60}};
  bench.put({.number = 2}, input.name, make_frame(input.kind, smaller));
  const auto step = bench.step();
  if (step.outcome == Outcome::threw) {
    findings.note("refuses inputs of different sizes: " + brief(step.words));
  }
  if (const auto trouble = trouble_with_ordinary_frames(bench, subject, 3)) {
    findings.fail("after inputs of different sizes, an ordinary frame is no longer worked on: it " +
                  brief(*trouble));
  }
}

void check_without_optional(const Subject& subject, Findings& findings) {
  subject.progress.stage("optional inputs unwired");
  Bench bench(subject, {.settings = {}, .wire_optional = false});
  if (const auto trouble = trouble_with_ordinary_frames(bench, subject, 0)) {
    findings.fail("with its optional inputs unwired, it " + brief(*trouble));
  }
}

}  // namespace

void check_types(const Subject& subject, Findings& findings) {
  if (subject.is_source()) throw CheckSkipped("it has no inputs");
  for (const auto& input : subject.inputs) {
    for (const auto& kind : some_of_all()) check_frame(subject, input, kind, findings);
    const bool picture = input.kind.type.family == Family::image;
    if (picture && subject.inputs.size() > 1) check_different_sizes(subject, input, findings);
  }
  if (std::ranges::any_of(subject.inputs, [](const auto& input) { return input.port.optional; })) {
    check_without_optional(subject, findings);
  }
}

}  // namespace vcengine
