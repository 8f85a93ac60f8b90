/// Changes settings in the text of a circuit file, and nothing else of it: comments, order and
/// quotes stay.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "engine/circuit/environment.hpp"
#include "vcengine/description.hpp"

namespace vcengine {

struct SettingEdit {
  std::string block;
  std::string param;
  std::string text;      ///< of the value, without quotes: 60, 50ms, a path
  bool is_text = false;  ///< its parameter takes it as text: quotes where YAML needs them
};

/// Why a setting cannot be changed where it is.
class SettingEditError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The text with this setting. It was read again, and says what it said before but for that.
/// Throws SettingEditError; CircuitError if it is no circuit in the first place.
std::string edit_setting(const std::string& text, const std::filesystem::path& file,
                         const Environment& environment, const SettingEdit& edit);

}  // namespace vcengine
