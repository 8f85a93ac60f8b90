/// JSON between host, workers and tools: reading what another process wrote, which may be anything.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vcengine {

using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

/// What was read is no JSON, or not the JSON that was expected; the text names the place in it.
class JsonError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline constexpr std::size_t kMaxJsonBytes = std::size_t{16} << 20;

/// Any bytes in; one JSON document out, or a JsonError. Nesting is limited to 32 levels. Strings
/// need not be UTF-8: paths are bytes on Linux, and must come back as they were.
Json parse_json(std::string_view text, std::size_t max_bytes = kMaxJsonBytes);

/// On one line. Strings are written as they are; NaN and infinities are no JSON and must not be in
/// it.
std::string to_text(const Json& json);

/// The parts of a document, each a JsonError if it is missing or of another kind: "'name' is
/// missing",
/// "'doc' must be text". The references live as long as `object`.
const Json& member(const JsonObject& object, std::string_view name);
const JsonObject& object_of(const Json& json, std::string_view name);
const JsonArray& array_of(const JsonObject& object, std::string_view name);
std::string text_of(const JsonObject& object, std::string_view name);
bool flag_of(const JsonObject& object, std::string_view name);
std::int64_t integer_of(const JsonObject& object, std::string_view name);

/// None for all but whole numbers of 64 bits with a sign; 1.0 is none either.
std::optional<std::int64_t> to_integer(const Json& json);

}  // namespace vcengine
