#include "engine/run/live_settings.hpp"

#include <algorithm>

#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/plain_value.hpp"
#include "engine/circuit/setting_value.hpp"
#include "engine/control/description_json.hpp"
#include "engine/control/nearest_word.hpp"

namespace vcengine {

namespace {

/// A request's value: text is read as in a circuit file.
ParamSetting setting_of(const std::string& name, const Json& json) {
  ParamSetting setting;
  setting.name = name;
  if (const auto* text = json.if_string()) {
    setting.text.assign(text->data(), text->size());
    setting.value = plain_value(setting.text);
  } else {
    setting.value = param_value_from_json(json);
    setting.text = to_string(setting.value);
  }
  return setting;
}

template <class Settings>
auto find_setting(Settings& settings, std::string_view name) {
  return std::ranges::find_if(settings, [&](const auto& pair) { return pair.first == name; });
}

}  // namespace

LiveSettings::LiveSettings(const Plan& plan) : plan_(plan) {
  for (const auto& block : plan.blocks) settings_.push_back(block.params);
}

std::size_t LiveSettings::block_named(std::string_view name) const {
  const auto found = std::ranges::find(plan_.blocks, name, &PlannedBlock::name);
  if (found != plan_.blocks.end()) return static_cast<std::size_t>(found - plan_.blocks.begin());
  std::vector<std::string> names;
  for (const auto& block : plan_.blocks) names.push_back(block.name);
  auto hint = did_you_mean(name, names);
  if (hint.empty()) hint = "; it has " + join(names);
  throw JsonError("no block " + in_quotes(name) + " in circuit " + plan_.name + hint);
}

const ParamInfo& LiveSettings::param_named(std::size_t block, std::string_view name) const {
  const auto& params = plan_.blocks[block].type.info.params;
  const auto found = std::ranges::find(params, name, &ParamInfo::name);
  if (found != params.end()) return *found;
  std::vector<std::string> names;
  for (const auto& param : params) names.push_back(param.name);
  throw JsonError("'" + plan_.blocks[block].type.info.type + "' has no parameter " +
                  in_quotes(name) + did_you_mean(name, names) +
                  (names.empty() ? " (it has none)" : " (it has " + join(names) + ')'));
}

std::vector<LiveSettings::Change> LiveSettings::changes_of(const JsonObject& request) const {
  std::vector<Change> changes;
  const auto add = [&](const JsonObject& json) {
    const auto block = block_named(text_of(json, "block"));
    const auto& param = param_named(block, text_of(json, "param"));
    const auto setting = setting_of(param.name, member(json, "value"));
    try {
      Setting change(param.name, setting_value(param, setting, plan_.folder));
      auto of_block = std::ranges::find(changes, block, &Change::block);
      if (of_block == changes.end()) of_block = changes.insert(changes.end(), {block, {}});
      of_block->settings.push_back(std::move(change));
    } catch (const std::invalid_argument& error) {
      throw JsonError(plan_.blocks[block].name + ": " + error.what());
    }
  };
  if (!request.contains("settings")) {
    add(request);
  } else {
    for (const auto& json : array_of(request, "settings")) add(object_of(json, "setting"));
    if (changes.empty()) throw JsonError("'settings' is empty");
  }
  return changes;
}

void LiveSettings::apply(const Change& change) {
  auto& settings = settings_[change.block];
  for (const auto& [name, value] : change.settings) {
    const auto found = find_setting(settings, name);
    if (found == settings.end()) {
      settings.emplace_back(name, value);
    } else {
      found->second = value;
    }
  }
}

std::vector<LiveSettings::Setting> LiveSettings::of(std::size_t block) const {
  return settings_[block];
}

std::vector<LiveSettings::Setting> LiveSettings::of(std::size_t block,
                                                    const PlannedBlock& next) const {
  auto settings = next.params;
  const auto& planned = plan_.blocks[block].params;
  for (const auto& [name, value] : settings_[block]) {
    const auto was = find_setting(planned, name);
    if (was != planned.end() && was->second == value) continue;
    const auto& params = next.type.info.params;
    const auto param = std::ranges::find(params, name, &ParamInfo::name);
    if (param == params.end()) continue;
    try {
      auto kept = setting_value(*param, {.name = name, .value = value, .text = to_string(value)},
                                plan_.folder);
      const auto found = find_setting(settings, name);
      if (found == settings.end()) {
        settings.emplace_back(name, std::move(kept));
      } else {
        found->second = std::move(kept);
      }
    } catch (const std::invalid_argument&) {
      // Out of its new range: as the circuit has it.
    }
  }
  return settings;
}

void LiveSettings::rewire(const Plan& next, const PlanMatch& match) {
  std::vector<std::vector<Setting>> settings;
  for (std::size_t block = 0; block < next.blocks.size(); ++block) {
    const auto running = match.blocks[block];
    settings.push_back(running ? of(*running, next.blocks[block]) : next.blocks[block].params);
  }
  settings_ = std::move(settings);
}

const ParamValue& LiveSettings::value(std::size_t block, const ParamInfo& param) const {
  const auto found = find_setting(settings_[block], param.name);
  return found == settings_[block].end() ? param.init : found->second;
}

bool LiveSettings::was_tuned(std::size_t block, const ParamInfo& param) const {
  const auto& planned = plan_.blocks[block].params;
  const auto was = find_setting(planned, param.name);
  return value(block, param) != (was == planned.end() ? param.init : was->second);
}

void LiveSettings::describe(std::size_t block, JsonArray& to) const {
  for (const auto& param : plan_.blocks[block].type.info.params) {
    to.push_back(describe(block, param.name));
  }
}

Json LiveSettings::describe(std::size_t block, std::string_view name) const {
  const auto& param = param_named(block, name);
  const auto& now = value(block, param);
  JsonObject json{{"block", plan_.blocks[block].name}, {"param", param.name}};
  json["value"] = to_json(now);
  const auto* nanoseconds = std::get_if<std::int64_t>(&now);
  json["text"] = param.kind == ParamKind::duration && nanoseconds != nullptr
                     ? format_duration(*nanoseconds)
                     : to_string(now);
  auto info = to_json(param);
  json["info"] = std::move(info);
  return json;
}

}  // namespace vcengine
