#include "engine/conformance/subject.hpp"

#include <algorithm>
#include <optional>

#include "engine/catalog/describe_plugin.hpp"
#include "engine/conformance/bench.hpp"

namespace vcengine {

namespace {

constexpr int kWiresOfMany = 2;  // as the harness makes them
constexpr int kMostTrials = 64;  // of kinds of frames

std::vector<Input> inputs_of(const BlockInfo& info) {
  std::vector<Input> inputs;
  for (const auto& port : info.ports) {
    if (port.role == PortRole::out) continue;
    const auto kind = kinds_for(port).front();
    if (!port.many) {
      inputs.push_back({port.name, port, kind});
      continue;
    }
    for (int i = 0; i < kWiresOfMany; ++i) {
      inputs.push_back({port.name + '[' + std::to_string(i) + ']', port, kind});
    }
  }
  return inputs;
}

Baseline try_frames(const Subject& subject) {
  Baseline baseline;
  Bench bench(subject);
  bench.start();
  for (std::uint64_t i = 0; i < 10 && !(baseline.works && baseline.publishes); ++i) {
    const auto step = bench.round({.number = i});
    if (step.outcome == Outcome::ended) {
      baseline.works = baseline.works || baseline.refusal.empty();
      break;
    }
    if (step.outcome == Outcome::done) baseline.works = true;
    if (step.outcome == Outcome::threw) baseline.refusal = step.words;
    if (step.published > 0) baseline.publishes = true;
  }
  return baseline;
}

/// The next combination of kinds, as a counter counts; false after the last.
bool next_combination(std::vector<std::size_t>& digits,
                      const std::vector<std::vector<FrameKind>>& kinds) {
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (++digits[i] < kinds[i].size()) return true;
    digits[i] = 0;
  }
  return false;
}

/// Tries kinds of frames until the block is happy with them.
void choose_kinds(Subject& subject) {
  std::vector<std::vector<FrameKind>> kinds;
  for (const auto& input : subject.inputs) kinds.push_back(kinds_for(input.port));
  std::vector<std::size_t> digits(kinds.size(), 0);
  std::optional<Baseline> first;
  for (int trial = 0; trial < kMostTrials; ++trial) {
    for (std::size_t i = 0; i < digits.size(); ++i) subject.inputs[i].kind = kinds[i][digits[i]];
    subject.baseline = try_frames(subject);
    if (subject.baseline.works) return;
    if (!first) first = subject.baseline;
    if (!next_combination(digits, kinds)) break;
  }
  for (std::size_t i = 0; i < digits.size(); ++i) subject.inputs[i].kind = kinds[i].front();
  subject.baseline = *first;
}

}  // namespace

bool Subject::has_triggers() const {
  return std::ranges::any_of(inputs, [](const Input& i) { return i.port.role == PortRole::in; });
}

bool Subject::takes_pictures() const {
  return std::ranges::any_of(
      inputs, [](const Input& input) { return input.kind.type.family == Family::image; });
}

bool Subject::takes_values() const {
  return std::ranges::any_of(
      inputs, [](const Input& input) { return input.kind.type.family != Family::image; });
}

std::vector<std::string> Subject::outputs() const {
  std::vector<std::string> names;
  for (const auto& port : info.ports) {
    if (port.role == PortRole::out) names.push_back(port.name);
  }
  return names;
}

Subject make_subject(const CheckRequest& request, const PluginLibrary& library,
                     const Progress& progress, TryFrames try_frames) {
  progress.stage("while it is described");
  Subject subject{.request = request,
                  .library = library,
                  .progress = progress,
                  .info = describe_plugin(request.plugin, request.type, request.settings),
                  .inputs = {},
                  .baseline = {}};
  subject.inputs = inputs_of(subject.info);
  if (try_frames == TryFrames::yes) {
    progress.stage("ordinary frames");
    choose_kinds(subject);
  }
  return subject;
}

}  // namespace vcengine
