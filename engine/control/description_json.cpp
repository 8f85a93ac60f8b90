#include "engine/control/description_json.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace vcengine {

namespace {

template <class Enum>
using Word = std::pair<Enum, std::string_view>;

constexpr std::array<Word<PortRole>, 3> kRoles{
    {{PortRole::in, "in"}, {PortRole::latest, "latest"}, {PortRole::out, "out"}}};

constexpr std::array<Word<ParamKind>, 6> kKinds{{{ParamKind::boolean, "boolean"},
                                                 {ParamKind::integer, "integer"},
                                                 {ParamKind::real, "real"},
                                                 {ParamKind::text, "text"},
                                                 {ParamKind::path, "path"},
                                                 {ParamKind::duration, "duration"}}};

constexpr std::array<Word<PluginFault>, 4> kFaults{
    {{PluginFault::none, "none"},
     {PluginFault::in_file, "in_file"},
     {PluginFault::in_surroundings, "in_surroundings"},
     {PluginFault::in_run, "in_run"}}};

template <class Enum, std::size_t kSize>
std::string_view word_for(const std::array<Word<Enum>, kSize>& words, Enum value) {
  for (const auto& [candidate, word] : words) {
    if (candidate == value) return word;
  }
  return {};
}

template <class Enum, std::size_t kSize>
Enum from_word(const std::array<Word<Enum>, kSize>& words, const JsonObject& object,
               std::string_view name) {
  const auto text = text_of(object, name);
  std::string allowed;
  for (const auto& [value, word] : words) {
    if (word == text) return value;
    allowed += (allowed.empty() ? "" : ", ") + std::string(word);
  }
  throw JsonError("'" + std::string(name) + "' must be one of " + allowed + ", not '" + text + "'");
}

Json to_json(const FieldInfo& field) {
  return JsonObject{{"name", field.name}, {"type", field.type}, {"offset", field.offset}};
}

Json to_json(const std::string& text) { return Json(boost::json::string(text)); }

template <class T>
JsonArray list(const std::vector<T>& values) {
  JsonArray array;
  array.reserve(values.size());
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}

/// Reads each element; an error says which one it was.
template <class Read>
auto read_list(const JsonObject& object, std::string_view name, std::string_view one, Read read) {
  std::vector<decltype(read(Json{}))> values;
  for (const auto& json : array_of(object, name)) {
    try {
      values.push_back(read(json));
    } catch (const JsonError& error) {
      throw JsonError(std::string(one) + " " + std::to_string(values.size() + 1) + ": " +
                      error.what());
    }
  }
  return values;
}

std::uint64_t size_of(const JsonObject& object, std::string_view name) {
  const auto size = integer_of(object, name);
  if (size < 0) throw JsonError("'" + std::string(name) + "' must not be negative");
  return static_cast<std::uint64_t>(size);
}

std::uint32_t count_of(const JsonObject& object, std::string_view name) {
  const auto count = integer_of(object, name);
  if (!std::in_range<std::uint32_t>(count)) {
    throw JsonError("'" + std::string(name) + "' must be a number of frames, not " +
                    std::to_string(count));
  }
  return static_cast<std::uint32_t>(count);
}

FieldInfo field_from_json(const Json& json) {
  const auto& object = object_of(json, "field");
  return {text_of(object, "name"), text_of(object, "type"), size_of(object, "offset")};
}

double real_from_word(const JsonObject& object) {
  const auto word = text_of(object, "real");
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  throw JsonError("'real' must be one of inf, -inf, nan, not '" + word + "'");
}

Json limit_to_json(const std::optional<ParamValue>& limit) {
  return limit ? vcengine::to_json(*limit) : Json();
}

/// The variant's member that values of a setting of this kind have.
std::size_t alternative(ParamKind kind) {
  switch (kind) {
    case ParamKind::boolean:
      return 0;
    case ParamKind::integer:
    case ParamKind::duration:
      return 1;
    case ParamKind::real:
      return 2;
    case ParamKind::text:
    case ParamKind::path:
      return 3;
  }
  return std::variant_npos;
}

ParamValue value_of(const JsonObject& object, std::string_view name, ParamKind kind) {
  auto value = param_value_from_json(member(object, name));
  if (value.index() != alternative(kind)) {
    throw JsonError("'" + std::string(name) + "' must be a value of kind " +
                    std::string(word_for(kKinds, kind)));
  }
  return value;
}

std::optional<ParamValue> limit_of(const JsonObject& object, std::string_view name,
                                   ParamKind kind) {
  if (member(object, name).is_null()) return {};
  return value_of(object, name, kind);
}

std::string text_from_json(const Json& json) {
  if (!json.is_string()) throw JsonError("must be text");
  return {json.get_string().data(), json.get_string().size()};
}

}  // namespace

Json to_json(const ParamValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return Json(*flag);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return Json(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return Json(boost::json::string(*text));
  const double real = std::get<double>(value);
  if (std::isfinite(real)) return Json(real);
  return JsonObject{{"real", std::isnan(real) ? "nan" : real > 0 ? "inf" : "-inf"}};
}

ParamValue param_value_from_json(const Json& json) {
  if (json.is_bool()) return json.get_bool();
  if (const auto integer = to_integer(json)) return *integer;
  if (json.is_double()) return json.get_double();
  if (json.is_string()) return text_from_json(json);
  if (json.is_object()) return real_from_word(json.get_object());
  throw JsonError("a value must be true or false, a number (whole ones of 64 bits) or text");
}

Json to_json(const std::vector<FieldInfo>& fields) { return list(fields); }

std::vector<FieldInfo> fields_from_json(const JsonObject& object, std::string_view name) {
  return read_list(object, name, "field", field_from_json);
}

Json to_json(const PortInfo& port) {
  return JsonObject{{"name", port.name},
                    {"doc", port.doc},
                    {"role", word_for(kRoles, port.role)},
                    {"type", port.type},
                    {"optional", port.optional},
                    {"many", port.many},
                    {"delayed", port.delayed},
                    {"same_as", port.same_as},
                    {"fields", to_json(port.fields)},
                    {"record_size", port.record_size}};
}

PortInfo port_info_from_json(const Json& json) {
  const auto& object = object_of(json, "port");
  return {.name = text_of(object, "name"),
          .doc = text_of(object, "doc"),
          .role = from_word(kRoles, object, "role"),
          .type = text_of(object, "type"),
          .optional = flag_of(object, "optional"),
          .many = flag_of(object, "many"),
          .delayed = count_of(object, "delayed"),
          .same_as = text_of(object, "same_as"),
          .fields = fields_from_json(object, "fields"),
          .record_size = size_of(object, "record_size")};
}

Json to_json(const ParamInfo& param) {
  return JsonObject{{"name", param.name},
                    {"doc", param.doc},
                    {"kind", word_for(kKinds, param.kind)},
                    {"init", to_json(param.init)},
                    {"min", limit_to_json(param.min)},
                    {"max", limit_to_json(param.max)},
                    {"choices", list(param.choices)}};
}

ParamInfo param_info_from_json(const Json& json) {
  const auto& object = object_of(json, "param");
  const auto kind = from_word(kKinds, object, "kind");
  return {.name = text_of(object, "name"),
          .doc = text_of(object, "doc"),
          .kind = kind,
          .init = value_of(object, "init", kind),
          .min = limit_of(object, "min", kind),
          .max = limit_of(object, "max", kind),
          .choices = read_list(object, "choices", "choice", text_from_json)};
}

Json to_json(const StateInfo& state) {
  return JsonObject{{"name", state.name}, {"type", state.type}, {"size", state.size}};
}

StateInfo state_info_from_json(const Json& json) {
  const auto& object = object_of(json, "state");
  return {.name = text_of(object, "name"),
          .type = text_of(object, "type"),
          .size = size_of(object, "size")};
}

Json to_json(const BlockInfo& block) {
  return JsonObject{{"type", block.type},
                    {"doc", block.doc},
                    {"live", block.traits.live},
                    {"window", block.traits.window},
                    {"deterministic", block.traits.deterministic},
                    {"dynamic", block.dynamic},
                    {"ports", list(block.ports)},
                    {"params", list(block.params)},
                    {"states", list(block.states)}};
}

BlockInfo block_info_from_json(const Json& json) {
  const auto& object = object_of(json, "block");
  return {.type = text_of(object, "type"),
          .doc = text_of(object, "doc"),
          .traits = {.live = flag_of(object, "live"),
                     .window = flag_of(object, "window"),
                     .deterministic = flag_of(object, "deterministic")},
          .dynamic = flag_of(object, "dynamic"),
          .ports = read_list(object, "ports", "port", port_info_from_json),
          .params = read_list(object, "params", "param", param_info_from_json),
          .states = read_list(object, "states", "state", state_info_from_json)};
}

Json to_json(const PluginDescription& plugin) {
  return JsonObject{{"types", list(plugin.types)},
                    {"fault", word_for(kFaults, plugin.fault)},
                    {"problem", plugin.problem}};
}

PluginDescription plugin_description_from_json(const Json& json) {
  const auto& object = object_of(json, "plugin");
  return {.types = read_list(object, "types", "type", block_info_from_json),
          .fault = from_word(kFaults, object, "fault"),
          .problem = text_of(object, "problem")};
}

}  // namespace vcengine
