#include "engine/circuit/setting_value.hpp"

#include "vcengine/errors.hpp"

namespace vcengine {

std::string absolute_path(const std::string& path, const std::filesystem::path& folder) {
  if (path.empty() || path.find("://") != std::string::npos) return path;
  return (folder / path).lexically_normal().string();
}

ParamValue setting_value(const ParamInfo& param, const ParamSetting& setting,
                         const std::filesystem::path& folder) {
  const bool wants_text = param.kind == ParamKind::text || param.kind == ParamKind::path;
  const auto* number = std::get_if<std::int64_t>(&setting.value);
  if (param.kind == ParamKind::duration && number != nullptr && *number != 0) {
    throw ParamError('\'' + param.name + "' needs a unit, such as " + setting.text + "ms or " +
                     setting.text + 's');
  }
  // What looks like a number is still text to a setting that wants text: `title: 007`.
  auto value = checked(param, wants_text ? ParamValue(setting.text) : setting.value);
  if (param.kind != ParamKind::path) return value;
  return absolute_path(std::get<std::string>(value), folder);
}

}  // namespace vcengine
