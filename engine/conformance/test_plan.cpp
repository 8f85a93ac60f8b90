#include "engine/conformance/test_plan.hpp"

#include <algorithm>

#include "engine/catalog/plugin_folders.hpp"
#include "engine/circuit/plain_value.hpp"
#include "engine/control/nearest_word.hpp"
#include "vcengine/errors.hpp"

namespace vcengine {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> find_plugins(const std::vector<fs::path>& what) {
  std::vector<fs::path> files;
  for (const auto& place : what) {
    std::error_code error;
    if (!fs::exists(place, error)) {
      throw BadTestCommand("no such file or folder: '" + place.string() + "'");
    }
    if (!fs::is_directory(place, error)) {
      files.push_back(fs::absolute(place));
      continue;
    }
    const auto folder = read_plugin_folder(fs::absolute(place));
    if (!folder.problem.empty()) throw BadTestCommand(place.string() + ": " + folder.problem);
    if (folder.plugins.empty())
      throw BadTestCommand("no plugin (*.so) is in '" + place.string() + "'");
    files.insert(files.end(), folder.plugins.begin(), folder.plugins.end());
  }
  return files;
}

/// "io.video_file.path=a.avi": type (may be empty), name, text.
struct TypedSetting {
  std::string whole, type, name, text;
  bool used = false;
};

TypedSetting parse_setting(const std::string& whole) {
  const auto equals = whole.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw BadTestCommand("--set " + whole + ": write --set name=value, or --set type.name=value");
  }
  const auto left = whole.substr(0, equals);
  const auto dot = left.rfind('.');
  const bool has_type = dot != std::string::npos;
  return {.whole = whole,
          .type = has_type ? left.substr(0, dot) : "",
          .name = has_type ? left.substr(dot + 1) : left,
          .text = whole.substr(equals + 1)};
}

/// As a circuit reads it.
ParamValue value_of(const ParamInfo& param, const TypedSetting& setting, const fs::path& folder) {
  if (param.kind == ParamKind::text) return checked(param, setting.text);
  if (param.kind == ParamKind::path) {
    const bool as_it_is = setting.text.empty() || setting.text.find("://") != std::string::npos;
    return checked(param, as_it_is
                              ? setting.text
                              : (fs::absolute(folder) / setting.text).lexically_normal().string());
  }
  const auto value = plain_value(setting.text);
  const auto* number = std::get_if<std::int64_t>(&value);
  if (param.kind == ParamKind::duration && number != nullptr && *number != 0) {
    throw ParamError('\'' + param.name + "' needs a unit, such as " + setting.text + "ms");
  }
  return checked(param, value);
}

Settings settings_for(const BlockInfo& info, std::vector<TypedSetting>& typed,
                      const fs::path& folder) {
  Settings settings;
  for (auto& setting : typed) {
    if (!setting.type.empty() && setting.type != info.type) continue;
    const auto param = std::ranges::find(info.params, setting.name, &ParamInfo::name);
    if (param == info.params.end()) continue;
    setting.used = true;
    try {
      settings.emplace_back(param->name, value_of(*param, setting, folder));
    } catch (const ParamError& error) {
      throw BadTestCommand("--set " + setting.whole + ": " + error.what());
    }
  }
  return settings;
}

void require_all_used(const std::vector<TypedSetting>& typed, std::span<const BlockInfo> infos) {
  std::vector<std::string> names;
  for (const auto& info : infos) {
    for (const auto& param : info.params) {
      names.push_back(param.name);
      names.push_back(info.type + '.' + param.name);
    }
  }
  for (const auto& setting : typed) {
    if (setting.used) continue;
    const auto left = setting.whole.substr(0, setting.whole.find('='));
    throw BadTestCommand("--set " + setting.whole + ": no type has a setting '" + left + "'" +
                         did_you_mean(left, names));
  }
}

TypeReport misbehaved(const fs::path& file, const std::string& problem) {
  return {.plugin = file,
          .type = {},
          .checks = {{.check = "description",
                      .answer = {.status = CheckStatus::failed,
                                 .failures = {problem},
                                 .notes = {},
                                 .reason = {}},
                      .time = {}}}};
}

}  // namespace

TestPlan make_test_plan(const TestCommand& command, const Describer& describer) {
  const auto files = find_plugins(command.what);
  std::vector<TypedSetting> typed;
  for (const auto& setting : command.settings) typed.push_back(parse_setting(setting));
  const auto folder = command.folder.empty() ? fs::current_path() : command.folder;

  TestPlan plan;
  std::vector<BlockInfo> infos;
  const auto descriptions = describer.describe(files);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& description = descriptions[i];
    if (description.fault == PluginFault::in_run) {
      plan.misbehaved.push_back(misbehaved(files[i], description.problem));
    } else if (description.fault != PluginFault::none) {
      plan.unusable.push_back(files[i].filename().string() + ": " + description.problem);
    }
    for (const auto& info : description.types) {
      plan.types.push_back({files[i], info.type, settings_for(info, typed, folder)});
      infos.push_back(info);
    }
  }
  if (plan.unusable.empty() && plan.misbehaved.empty()) require_all_used(typed, infos);
  return plan;
}

std::vector<const Check*> checks_to_make(const TestCommand& command) {
  std::vector<const Check*> checks;
  for (const auto& check : all_checks()) {
    const bool named = std::ranges::find(command.checks, check.name) != command.checks.end();
    const bool usual = command.checks.empty() && !check.on_demand;
    if (named || usual || (check.on_demand && command.valgrind)) checks.push_back(&check);
  }
  return checks;
}

}  // namespace vcengine
