/// What a block says of itself, as plain values: the host reads these and never loads a plugin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vcengine {

/// Name of a port's type: "image" (any picture), "image/bgr8", "image/gray8", "number", "text",
/// "bytes", "array/f32", "record/<name>", "any".
using TypeName = std::string;

/// One member of a record type, so that tools can print its values.
struct FieldInfo {
  std::string name;
  TypeName type;  ///< an Element's name: "f64", "i32" …
  std::uint64_t offset = 0;

  friend bool operator==(const FieldInfo&, const FieldInfo&) = default;
};

enum class PortRole : std::uint8_t {
  in,      ///< triggers process()
  latest,  ///< read at its newest value, never triggers
  out,
};

struct PortInfo {
  std::string name;
  std::string doc;
  PortRole role = PortRole::in;
  TypeName type;
  bool optional = false;          ///< may stay unwired
  bool many = false;              ///< takes any number of wires (Inputs<T>)
  std::uint32_t delayed = 0;      ///< out: may come up to so many triggers later
  std::string same_as;            ///< out: its type is that of this input
  std::vector<FieldInfo> fields;  ///< of a record type
  std::uint64_t record_size = 0;  ///< of a record type: bytes

  friend bool operator==(const PortInfo&, const PortInfo&) = default;
};

enum class ParamKind : std::uint8_t { boolean, integer, real, text, path, duration };

/// A setting's value. A duration is an integer count of nanoseconds.
using ParamValue = std::variant<bool, std::int64_t, double, std::string>;

struct ParamInfo {
  std::string name;
  std::string doc;
  ParamKind kind = ParamKind::integer;
  ParamValue init;
  std::optional<ParamValue> min, max;  ///< inclusive; none: unbounded
  std::vector<std::string> choices;    ///< text: the only values allowed, unless empty

  friend bool operator==(const ParamInfo&, const ParamInfo&) = default;
};

/// What a block keeps for its successor.
struct StateInfo {
  std::string name;
  TypeName type;  ///< "i64", "record/point"; "bytes" if it has no name here
  std::uint64_t size = 0;

  friend bool operator==(const StateInfo&, const StateInfo&) = default;
};

/// What a type says when it is registered.
struct BlockTraits {
  bool live = false;  ///< its frames come when they come and cannot be asked for again (a camera)
  bool window =
      false;  ///< shows a window when there is a display: sources are then paced by default
  bool deterministic = true;  ///< equal inputs and settings give equal outputs

  friend bool operator==(const BlockTraits&, const BlockTraits&) = default;
};

struct BlockInfo {
  std::string type;  ///< "vision.edge_detector"
  std::string doc;
  BlockTraits traits;
  bool dynamic = false;  ///< ports depend on settings: describe again with the circuit's own
  std::vector<PortInfo> ports;
  std::vector<ParamInfo> params;
  std::vector<StateInfo> states;

  friend bool operator==(const BlockInfo&, const BlockInfo&) = default;
};

/// Converts and checks a value for a setting: an integer is taken where a real is asked for, text
/// like "50ms" for a duration. Throws ParamError: "'low' must be in [0, 1000], not 5000 (<doc>)".
ParamValue checked(const ParamInfo& param, const ParamValue& value);

/// May a frame of an output of type `out` arrive at an input of type `in`? "image" into
/// "image/bgr8" may: each frame is then checked on arrival.
bool fits(const TypeName& out, const TypeName& in);

std::string to_string(ParamKind kind);  ///< "integer", "duration" …
std::string to_string(const ParamValue& value);

/// "50ms", "1.5s", "20us", "3 ns" as nanoseconds; none if it is no duration.
std::optional<std::int64_t> parse_duration(const std::string& text);

/// Nanoseconds in the largest unit that shows them exactly: "50ms".
std::string format_duration(std::int64_t nanoseconds);

}  // namespace vcengine
