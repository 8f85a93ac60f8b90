#include "engine/control/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/src.hpp>  // Boost.JSON itself: compiled in this file only
#include <utility>

namespace vcengine {

namespace {

[[noreturn]] void throw_kind(std::string_view name, std::string_view wanted) {
  throw JsonError("'" + std::string(name) + "' must be " + std::string(wanted));
}

}  // namespace

Json parse_json(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    throw JsonError("longer than " + std::to_string(max_bytes) + " bytes");
  }
  boost::json::parse_options options;
  options.max_depth = 32;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  Json json =
      boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options);
  if (error) throw JsonError("no valid JSON: " + error.message());
  return json;
}

std::string to_text(const Json& json) { return boost::json::serialize(json); }

const Json& member(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(boost::json::string_view(name.data(), name.size()));
  if (value == nullptr) throw JsonError("'" + std::string(name) + "' is missing");
  return *value;
}

const JsonObject& object_of(const Json& json, std::string_view name) {
  const auto* object = json.if_object();
  if (object == nullptr) throw_kind(name, "an object");
  return *object;
}

const JsonArray& array_of(const JsonObject& object, std::string_view name) {
  const auto* array = member(object, name).if_array();
  if (array == nullptr) throw_kind(name, "a list");
  return *array;
}

std::string text_of(const JsonObject& object, std::string_view name) {
  const auto* text = member(object, name).if_string();
  if (text == nullptr) throw_kind(name, "text");
  return {text->data(), text->size()};
}

bool flag_of(const JsonObject& object, std::string_view name) {
  const auto* flag = member(object, name).if_bool();
  if (flag == nullptr) throw_kind(name, "true or false");
  return *flag;
}

std::optional<std::int64_t> to_integer(const Json& json) {
  if (const auto* integer = json.if_int64()) return *integer;
  const auto* unsigned_integer = json.if_uint64();  // parsed: beyond int64; made here: any value
  if (unsigned_integer != nullptr && std::in_range<std::int64_t>(*unsigned_integer)) {
    return static_cast<std::int64_t>(*unsigned_integer);
  }
  return {};
}

std::int64_t integer_of(const JsonObject& object, std::string_view name) {
  const auto integer = to_integer(member(object, name));
  if (!integer) throw_kind(name, "a whole number of 64 bits");
  return *integer;
}

}  // namespace vcengine
