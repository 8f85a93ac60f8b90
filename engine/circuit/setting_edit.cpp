#include "engine/circuit/setting_edit.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/circuit/circuit_parser.hpp"
#include "engine/circuit/plain_value.hpp"

namespace vcengine {
namespace {

constexpr auto kNowhere = std::string::npos;

std::size_t offset_of(std::string_view text, Place place) {
  if (place.line < 1 || place.column < 1) return kNowhere;
  std::size_t begin = 0;
  for (int line = 1; line < place.line; ++line) {
    begin = text.find('\n', begin);
    if (begin == kNowhere) return kNowhere;
    ++begin;
  }
  const auto offset = begin + static_cast<std::size_t>(place.column) - 1;
  return offset < text.size() ? offset : kNowhere;
}

/// A value as it stands in the text: `60`, `'fast'`.
struct Written {
  std::size_t begin = kNowhere;
  std::size_t end = kNowhere;
  char quote = 0;
};

/// None if the text does not have it in so many words: a variable, an escape, several lines.
std::optional<Written> find_value(std::string_view text, Place place, std::string_view value) {
  const auto begin = offset_of(text, place);
  if (begin == kNowhere) return std::nullopt;
  const char first = text[begin];
  const bool quoted = first == '"' || first == '\'';
  const auto inner = begin + (quoted ? 1 : 0);
  if (text.substr(inner, value.size()) != value) return std::nullopt;
  auto end = inner + value.size();
  if (quoted && (end >= text.size() || text[end++] != first)) return std::nullopt;
  return Written{.begin = begin, .end = end, .quote = quoted ? first : '\0'};
}

/// What YAML takes for this text as it stands, in a map in braces too.
bool is_plain(std::string_view text) {
  constexpr std::string_view kSafe = "_-./+";
  const auto is_safe = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kSafe.find(c) != kNowhere;
  };
  return !text.empty() && std::ranges::all_of(text, is_safe) && text.front() != '-' &&
         text != "null" && text != "~";
}

std::string scalar(const SettingEdit& edit, char quote) {
  const bool has_control = std::ranges::any_of(
      edit.text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
  if (has_control) throw SettingEditError("its text has characters that YAML has no plain way for");
  if (quote == 0 && (!edit.is_text || is_plain(edit.text))) return edit.text;
  if (quote == '\'' && edit.text.find('\'') == kNowhere) return '\'' + edit.text + '\'';
  std::string quoted = "\"";
  for (const char c : edit.text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  // The parser replaces variables in what it has read.
  if (edit.text.find("${") != kNowhere) throw SettingEditError("its text has a '${'");
  return quoted + '"';
}

/// The character before it, blanks and ends of lines left out: '{' and ',' are in braces.
bool is_in_braces(std::string_view text, std::size_t key) {
  const auto before = text.find_last_not_of(" \t\r\n", key - 1);
  return key > 0 && before != kNowhere && (text[before] == '{' || text[before] == ',');
}

std::string insert_line_below(const std::string& text, std::size_t after, std::size_t key,
                              const std::string& line) {
  const auto line_begin = text.rfind('\n', key) + 1;  // npos + 1 is 0
  const auto indent = std::string(key - line_begin, ' ');
  const std::string end = text.find("\r\n") != kNowhere ? "\r\n" : "\n";
  auto at = text.find('\n', after);
  if (at == kNowhere) return text + end + indent + line + end;
  return text.substr(0, at + 1) + indent + line + end + text.substr(at + 1);
}

/// Behind the last of the settings that the block has.
std::string add_to_params(const std::string& text, const BlockSpec& block,
                          const std::string& entry) {
  const auto& last = *std::ranges::max_element(block.params, {}, [&](const ParamSetting& setting) {
    return offset_of(text, setting.place);
  });
  const auto value = find_value(text, last.place, last.text);
  const auto key = offset_of(text, last.name_place);
  if (!value || key == kNowhere) {
    throw SettingEditError("it would have to follow '" + last.name +
                           "', whose value is not simply written there");
  }
  if (!is_in_braces(text, key)) return insert_line_below(text, value->end, key, entry);
  return text.substr(0, value->end) + ", " + entry + text.substr(value->end);
}

/// Of a block that has none: behind its type.
std::string add_params(const std::string& text, const BlockSpec& block, const std::string& entry) {
  const auto type = find_value(text, block.type_place, block.type);
  const auto key = type ? text.rfind("type", type->begin) : kNowhere;
  if (key == kNowhere) throw SettingEditError("the file does not name its type at the block");
  const auto params = "params: {" + entry + "}";
  if (!is_in_braces(text, key)) return insert_line_below(text, type->end, key, params);
  return text.substr(0, type->end) + ", " + params + text.substr(type->end);
}

const BlockSpec& block_in(const Circuit& circuit, const std::string& name) {
  const auto found = std::ranges::find(circuit.blocks, name, &BlockSpec::name);
  if (found == circuit.blocks.end()) throw SettingEditError("the file has no such block any more");
  return *found;
}

bool same(const ParamSetting& left, const ParamSetting& right) {
  return left.name == right.name && left.text == right.text && left.value == right.value;
}

bool same_wire(const WireSpec& left, const WireSpec& right) {
  return left.from.block == right.from.block && left.from.port == right.from.port &&
         left.to.block == right.to.block && left.to.port == right.to.port;
}

/// Is that the only difference?
bool is_only_change(const Circuit& before, const Circuit& after, const SettingEdit& edit) {
  const auto same_block = [&](const BlockSpec& left, const BlockSpec& right) {
    if (left.name != right.name || left.type != right.type) return false;
    auto wanted = left.params;
    if (left.name == edit.block) {
      auto found = std::ranges::find(wanted, edit.param, &ParamSetting::name);
      const auto now = std::ranges::find(right.params, edit.param, &ParamSetting::name);
      if (now == right.params.end() || now->text != edit.text) return false;
      if (!edit.is_text && now->value != plain_value(edit.text)) return false;
      if (found == wanted.end()) {
        wanted.push_back(*now);
      } else {
        *found = *now;
      }
    }
    return std::ranges::is_permutation(wanted, right.params, same);
  };
  return std::ranges::equal(before.blocks, after.blocks, same_block) &&
         std::ranges::equal(before.wires, after.wires, same_wire) &&
         std::ranges::equal(before.defaults.params, after.defaults.params, same);
}

}  // namespace

std::string edit_setting(const std::string& text, const std::filesystem::path& file,
                         const Environment& environment, const SettingEdit& edit) {
  const auto before = parse_circuit_text(text, file, environment);
  const auto& block = block_in(before, edit.block);
  const auto setting = std::ranges::find(block.params, edit.param, &ParamSetting::name);
  std::string edited;
  if (setting != block.params.end()) {
    const auto value = find_value(text, setting->place, setting->text);
    if (!value) throw SettingEditError("its value is not simply written there (a variable?)");
    edited = text.substr(0, value->begin) + scalar(edit, value->quote) + text.substr(value->end);
  } else {
    const auto entry = edit.param + ": " + scalar(edit, 0);
    edited =
        block.params.empty() ? add_params(text, block, entry) : add_to_params(text, block, entry);
  }
  try {
    if (is_only_change(before, parse_circuit_text(edited, file, environment), edit)) return edited;
  } catch (const CircuitError&) {
    // Said below.
  }
  throw SettingEditError("the file would not say the same but for that (an anchor?)");
}

}  // namespace vcengine
