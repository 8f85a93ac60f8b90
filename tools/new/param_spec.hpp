/// Settings as they are written on the command line: "low:int:0..1000=85".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vcengine/description.hpp"

namespace vcengine {

struct NewParam {
  ParamInfo info;
  bool single_precision = false;  ///< of a real: float, not double

  std::string cpp() const;   ///< its type within Param<…>: "std::int64_t" where int is too small
  std::string spec() const;  ///< "{.min = 0, .max = 1000, .init = 85}"
  std::string init_in_circuit() const;
  std::string allowed() const;  ///< for people: "0 to 1000", "a, b", or ""

  /// A C++ expression that sut.set() refuses, or "" where every value of the type is allowed.
  std::string refused_value() const;
};

/// name:type[:min..max|:a|b|c][=init]. Throws Refusal.
NewParam parse_param(std::string_view spec);

/// For `vcengine new --list-types`.
struct ParamTypeHelp {
  std::string_view name;
  std::string_view cpp;
  std::string_view example;
};
const std::vector<ParamTypeHelp>& param_type_help();

}  // namespace vcengine
