#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"
#include "vcengine/errors.hpp"

namespace vcengine {

namespace {

std::string in_words(const ParamInfo& param, const ParamValue& value) {
  const auto* nanoseconds = std::get_if<std::int64_t>(&value);
  const bool duration = param.kind == ParamKind::duration && nanoseconds != nullptr;
  return param.name + " = " + (duration ? format_duration(*nanoseconds) : to_string(value));
}

/// The values at which a setting must work.
std::vector<ParamValue> allowed_values(const ParamInfo& param) {
  if (param.kind == ParamKind::boolean) return {false, true};
  std::vector<ParamValue> values;
  if (param.min) values.push_back(*param.min);
  if (param.max) values.push_back(*param.max);
  for (const auto& choice : param.choices) values.emplace_back(choice);
  if (param.kind != ParamKind::path) values.push_back(param.init);
  return values;
}

/// What lies next to `limit`, outside; none where the type ends there as well.
std::optional<ParamValue> beyond(const ParamValue& limit, int direction) {
  if (const auto* whole = std::get_if<std::int64_t>(&limit)) {
    using Limits = std::numeric_limits<std::int64_t>;
    if (*whole == (direction < 0 ? Limits::min() : Limits::max())) return std::nullopt;
    return *whole + direction;
  }
  const auto real = std::get<double>(limit);
  const auto next = real + direction * std::max(1.0, std::abs(real));
  return std::isfinite(next) ? std::optional<ParamValue>(next) : std::nullopt;
}

/// Values that must be refused, each with what the refusal must name.
std::vector<std::pair<ParamValue, std::string>> forbidden_values(const ParamInfo& param) {
  std::vector<std::pair<ParamValue, std::string>> values;
  const auto add = [&](const std::optional<ParamValue>& limit, int direction) {
    if (!limit) return;
    if (const auto value = beyond(*limit, direction)) values.emplace_back(*value, param.name);
  };
  add(param.min, -1);
  add(param.max, +1);
  if (!param.choices.empty()) {
    values.emplace_back("no such choice", param.choices.back());
  }
  return values;
}

void check_refusal(const Subject& subject, const ParamInfo& param, const ParamValue& value,
                   const std::string& named, Findings& findings) {
  Bench bench(subject);
  try {
    bench.harness().set(param.name, value);
    findings.fail("takes " + in_words(param, value) + ", outside of what it allows");
  } catch (const ParamError& error) {
    if (std::string_view(error.what()).find(named) == std::string_view::npos) {
      findings.fail("refuses " + in_words(param, value) +
                    " without saying what is allowed: " + brief(error.what()));
    }
  }
}

/// Two settings may only go together within limits that no range can say ("low is above high"): a
/// refusal that names the other one is good advice, and no failure.
bool names_another(const Subject& subject, const ParamInfo& param, const std::string& words) {
  return std::ranges::any_of(subject.info.params, [&](const ParamInfo& other) {
    return other.name != param.name && words.find('\'' + other.name + '\'') != std::string::npos;
  });
}

/// A block whose ports depend on its settings has others at this value.
Subject subject_at(const Subject& subject, const ParamInfo& param, const ParamValue& value) {
  auto request = subject.request;
  std::erase_if(request.settings, [&](const auto& given) { return given.first == param.name; });
  request.settings.emplace_back(param.name, value);
  auto changed = make_subject(request, subject.library, subject.progress, TryFrames::no);
  changed.baseline = subject.baseline;
  for (auto& input : changed.inputs) {
    const auto same = std::ranges::find(subject.inputs, input.name, &Input::name);
    if (same != subject.inputs.end()) input.kind = same->kind;
  }
  return changed;
}

void check_value(const Subject& subject, const ParamInfo& param, const ParamValue& value,
                 Findings& findings) {
  const auto at = in_words(param, value);
  const auto refused = [&](const std::string& what, const std::string& words) {
    if (names_another(subject, param, words)) {
      findings.note("refuses " + at + ": " + brief(words));
    } else {
      findings.fail(what + at + ", which its range allows: " + brief(words));
    }
  };
  const Subject tested = subject.info.dynamic ? subject_at(subject, param, value) : subject;
  subject.progress.stage(at);
  Bench bench(tested, {.settings = {{param.name, value}}, .wire_optional = true});
  try {
    bench.start();
  } catch (const StartRefused& error) {
    return refused("start() throws at ", error.what());
  }
  bool works = false;
  std::string words;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto step = bench.round({.number = i});
    works = works || step.outcome == Outcome::done || step.outcome == Outcome::ended;
    if (step.outcome == Outcome::threw) words = step.words;
  }
  if (!works && subject.baseline.works) refused("processes no frame at ", words);
  if (const auto stopped = bench.stop()) findings.note("stop() at " + at + ": " + brief(*stopped));
}

/// As it happens in a running circuit, between two frames.
void check_change(const Subject& subject, const ParamInfo& param, const ParamValue& value,
                  Findings& findings) {
  const auto at = "changed to " + in_words(param, value) + " while it runs";
  subject.progress.stage(at);
  Bench bench(subject);
  std::uint64_t number = 0;
  const auto run = [&] {
    for (int i = 0; i < 2; ++i) bench.round({.number = number++});
  };
  const auto given = std::ranges::find(subject.request.settings, param.name,
                                       &std::pair<std::string, ParamValue>::first);
  run();
  try {
    bench.harness().set(param.name, value);
  } catch (const std::exception& error) {
    if (!names_another(subject, param, error.what())) {
      findings.fail("refuses to be " + at + ", which its range allows: " + brief(error.what()));
    }
    return;
  }
  run();
  bench.harness().set(param.name,
                      given == subject.request.settings.end() ? param.init : given->second);
  if (const auto trouble = trouble_with_ordinary_frames(bench, subject, number)) {
    findings.fail(at + " and back, it " + brief(*trouble));
  }
}

}  // namespace

void check_settings(const Subject& subject, Findings& findings) {
  if (subject.info.params.empty()) throw CheckSkipped("it has no settings");
  for (const auto& param : subject.info.params) {
    for (const auto& [value, named] : forbidden_values(param)) {
      check_refusal(subject, param, value, named, findings);
    }
    for (const auto& value : allowed_values(param)) {
      check_value(subject, param, value, findings);
      if (!subject.info.dynamic) check_change(subject, param, value, findings);
    }
  }
}

}  // namespace vcengine
