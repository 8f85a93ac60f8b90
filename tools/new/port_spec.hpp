/// Ports as they are written on the command line: "image:Bgr8", "limit:Number:latest".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

enum class PortKind { bgr8, gray8, image, number, text, bytes, array, any, same_as };

/// One element of an Array, with its names in C++, on wires and in specs.
struct ElementType {
  std::string_view cpp;         ///< "std::uint8_t"
  std::string_view short_name;  ///< "u8"
};

struct PortType {
  PortKind kind = PortKind::bgr8;
  ElementType element{};  ///< of an array

  bool is_picture() const {
    return kind == PortKind::bgr8 || kind == PortKind::gray8 || kind == PortKind::image;
  }
  bool has_real_elements() const;
  std::string cpp() const;      ///< "vcengine::Bgr8", "vcengine::Array<float>"
  std::string written() const;  ///< as in a spec: "Bgr8", "Array<f32>"

  friend bool operator==(const PortType& left, const PortType& right) {
    return left.kind == right.kind && left.element.short_name == right.element.short_name;
  }
};

enum class InputMode { trigger, latest, optional, many };

struct NewPort {
  std::string name;
  PortType type;
  InputMode mode = InputMode::trigger;  ///< of an input
  std::string same_as;  ///< the input whose frames an output of kind same_as sends on
};

/// name:Type[:latest|:optional|:many]. Throws Refusal.
NewPort parse_input(std::string_view spec);
/// name:Type, or name:SameAs:INPUT. Throws Refusal.
NewPort parse_output(std::string_view spec);

/// Any case; Array<float>, array<f32>. Throws Refusal with what there is.
PortType parse_port_type(std::string_view text);

/// For `vcengine new --list-types`.
struct PortTypeHelp {
  std::string_view name;
  std::string_view seen_as;
  std::string_view use;
};
const std::vector<PortTypeHelp>& port_type_help();
/// "Array<i8>", … of all elements: "i8, u8, …".
std::string element_names();

}  // namespace vcengine
