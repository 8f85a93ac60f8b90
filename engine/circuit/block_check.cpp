#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <string_view>

#include "engine/circuit/draft.hpp"
#include "engine/circuit/setting_value.hpp"
#include "engine/control/nearest_word.hpp"
#include "vcengine/errors.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

/// A type of the same name in another family is as good a guess as a slip of the pen.
std::string hint_for_type(const std::string& type, const std::vector<std::string>& names) {
  auto hint = did_you_mean(type, names);
  if (!hint.empty()) return hint;
  const auto last_part = type.substr(type.find('.'));
  const auto same = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return name.ends_with(last_part);
  });
  return same == names.end() ? "" : "; did you mean '" + *same + "'?";
}

/// A setting of the command line has no place in the file: its message begins with what was typed.
void report(Draft& draft, const BlockSpec& block, const ParamSetting& setting, Place place,
            const std::string& message) {
  auto diagnostic = draft.at(place, message);
  if (place.line == 0)
    diagnostic.file = "--set " + block.name + '.' + setting.name + '=' + setting.text;
  draft.errors.add(std::move(diagnostic));
}

std::vector<std::string> names_of(const std::vector<ParamInfo>& params) {
  std::vector<std::string> names;
  names.reserve(params.size());
  for (const auto& param : params) names.push_back(param.name);
  return names;
}

const ParamInfo* find_param(const BlockInfo& type, const std::string& name) {
  const auto found = std::find_if(type.params.begin(), type.params.end(),
                                  [&](const ParamInfo& param) { return param.name == name; });
  return found == type.params.end() ? nullptr : &*found;
}

/// The block's own settings and those defaults that its type has.
std::vector<const ParamSetting*> settings_of(const BlockSpec& block, const BlockDefaults& defaults,
                                             const BlockInfo& type) {
  std::vector<const ParamSetting*> settings;
  settings.reserve(block.params.size());
  for (const auto& setting : block.params) settings.push_back(&setting);
  for (const auto& setting : defaults.params) {
    const auto same = [&](const ParamSetting& own) { return own.name == setting.name; };
    const bool overridden = std::any_of(block.params.begin(), block.params.end(), same);
    if (!overridden && find_param(type, setting.name) != nullptr) settings.push_back(&setting);
  }
  return settings;
}

/// Checked settings, and default paths made absolute too; none if one is wrong. A relative path of
/// the file starts at the file's folder, one typed on the command line at the current one.
std::optional<TypeSource::Settings> check_params(Draft& draft, const BlockSpec& block,
                                                 const BlockInfo& type) {
  TypeSource::Settings params;
  bool good = true;
  for (const auto* setting : settings_of(block, draft.circuit.defaults, type)) {
    const auto* param = find_param(type, setting->name);
    try {
      if (param != nullptr) {
        params.emplace_back(
            param->name,
            setting_value(*param, *setting,
                          setting->place.line > 0 ? draft.circuit.folder : fs::current_path()));
        continue;
      }
      const auto names = names_of(type.params);
      report(draft, block, *setting, setting->name_place,
             "'" + block.type + "' has no parameter " + in_quotes(setting->name) +
                 did_you_mean(setting->name, names) +
                 (names.empty() ? " (it has none)" : " (it has " + join(names) + ')'));
    } catch (const ParamError& failure) {
      report(draft, block, *setting, setting->place, failure.what());
    }
    good = false;
  }
  for (const auto& param : type.params) {
    const auto is_set = [&](const auto& pair) { return pair.first == param.name; };
    const auto* path =
        param.kind == ParamKind::path ? std::get_if<std::string>(&param.init) : nullptr;
    if (path == nullptr || path->empty() || std::any_of(params.begin(), params.end(), is_set))
      continue;
    params.emplace_back(param.name, absolute_path(*path, draft.circuit.folder));
  }
  return good ? std::optional(params) : std::nullopt;
}

/// Fills in type and settings; false if the type is not known well enough to look at the ports.
bool check_block(Draft& draft, const BlockSpec& spec, PlannedBlock& block, TypeSource& types) {
  if (!draft.whole && spec.type.empty()) return false;  // the parser said so
  const auto* entry = types.find(spec.type);
  if (entry == nullptr) {
    const auto folders = types.searched_folders();
    draft.error(spec.type_place, "no block type " + in_quotes(spec.type) +
                                     hint_for_type(spec.type, types.type_names()) +
                                     (folders.empty() ? "" : " (searched: " + join(folders) + ')'));
    return false;
  }
  block.type = *entry;
  auto params = check_params(draft, spec, entry->info);
  if (params) block.params = std::move(*params);
  if (!entry->info.dynamic) return true;
  if (!params) return false;
  try {
    block.type.info = types.describe(spec.type, block.params);
    return true;
  } catch (const std::exception& failure) {
    draft.error(spec.place,
                "'" + spec.type + "' cannot be set up with these params: " + failure.what());
    return false;
  }
}

/// A default that no block can have is a slip.
void check_default_params(Draft& draft) {
  for (const auto& setting : draft.circuit.defaults.params) {
    std::vector<std::string> names;
    for (const auto& block : draft.plan.blocks) {
      for (auto& name : names_of(block.type.info.params)) names.push_back(std::move(name));
    }
    if (std::find(names.begin(), names.end(), setting.name) != names.end()) continue;
    draft.error(setting.name_place, "no block has a parameter " + in_quotes(setting.name) +
                                        did_you_mean(setting.name, names));
  }
}

}  // namespace

void check_blocks(Draft& draft, TypeSource& types) {
  for (const auto& spec : draft.circuit.blocks) {
    PlannedBlock block;
    block.name = spec.name;
    block.threads = spec.threads;
    block.supervision = spec.supervision;
    draft.has_type.push_back(check_block(draft, spec, block, types));
    draft.complete = draft.complete && draft.has_type.back();
    draft.plan.blocks.push_back(std::move(block));
  }
  if (draft.complete) check_default_params(draft);
}

}  // namespace vcengine
