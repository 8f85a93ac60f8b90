#include "engine/circuit/supervision_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/circuit/duration_reader.hpp"

namespace vcengine {
namespace {

constexpr std::int64_t kMostDeaths = 1'000'000;
constexpr std::int64_t kLargestFactor = 1000;

void nothing(Supervision&) {}

SupervisionSetting parse_backoff(const YamlNode& node, NodeReader& reader) {
  std::optional<std::chrono::nanoseconds> first, limit;
  std::optional<double> factor;
  for (const auto* entry :
       reader.entries(node, "'backoff'", "a map such as {first: 100ms, factor: 2, limit: 5s}",
                      {"first", "factor", "limit"})) {
    const auto& [key, value] = *entry;
    if (key.text == "factor") {
      factor = reader.positive(value, "'factor'", kLargestFactor);
      if (factor && *factor < 1) {
        reader.error(value.place,
                     "'factor' must be at least 1: each wait is so many times as long");
      }
    } else {
      (key.text == "first" ? first : limit) = read_duration(value, key.text, true, reader);
    }
  }
  return [=](Supervision& supervision) {
    auto& backoff = supervision.backoff;
    backoff.first = first.value_or(backoff.first);
    backoff.factor = factor.value_or(backoff.factor);
    backoff.limit = std::max(limit.value_or(backoff.limit), backoff.first);
  };
}

SupervisionSetting parse_intensity(const YamlNode& node, NodeReader& reader) {
  std::optional<std::int64_t> deaths;
  std::optional<std::chrono::nanoseconds> within;
  for (const auto* entry : reader.entries(
           node, "'intensity'", "a map such as {deaths: 5, within: 10s}", {"deaths", "within"})) {
    const auto& [key, value] = *entry;
    if (key.text == "deaths") {
      deaths = reader.integer(value, "'deaths'", 1, kMostDeaths);
    } else {
      within = read_duration(value, key.text, false, reader);
    }
  }
  return [=](Supervision& supervision) {
    auto& intensity = supervision.intensity;
    if (deaths) intensity.deaths = static_cast<int>(*deaths);
    intensity.within = within.value_or(intensity.within);
  };
}

}  // namespace

const std::vector<std::string>& supervision_keys() {
  static const std::vector<std::string> kKeys = {
      "restart", "backoff", "intensity", "timeout", "start_timeout", "on_give_up", "on_crash"};
  return kKeys;
}

SupervisionSetting parse_supervision(const std::string& key, const YamlNode& node,
                                     NodeReader& reader) {
  if (key == "backoff") return parse_backoff(node, reader);
  if (key == "intensity") return parse_intensity(node, reader);
  if (key == "restart") {
    const auto word = reader.word(node, key, {"never", "on_failure", "always"});
    if (!word) return nothing;
    return
        [word](Supervision& supervision) { supervision.restart = static_cast<RestartWhen>(*word); };
  }
  if (key == "on_give_up") {
    const auto word = reader.word(node, key, {"stop", "degrade"});
    if (!word) return nothing;
    return [word](Supervision& supervision) {
      supervision.on_give_up = *word == 0 ? OnGiveUp::stop : OnGiveUp::degrade;
    };
  }
  if (key == "on_crash") {
    const auto word = reader.word(node, key, {"skip", "retry"});
    if (!word) return nothing;
    return [word](Supervision& supervision) {
      supervision.on_crash = *word == 0 ? OnCrash::skip : OnCrash::retry;
    };
  }
  const auto time = read_duration(node, key, false, reader);
  if (!time) return nothing;
  if (key == "timeout") return [time](Supervision& supervision) { supervision.timeout = time; };
  return [time](Supervision& supervision) { supervision.start_timeout = *time; };
}

}  // namespace vcengine
