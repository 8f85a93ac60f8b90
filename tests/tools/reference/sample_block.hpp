/// Blocks made by hand, as odd as plugins may be.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/tools/common/refusal_of.hpp"  // has()
#include "vcengine/description.hpp"

namespace vcengine {

inline PortInfo port(const std::string& name, PortRole role, const std::string& type) {
  PortInfo info;
  info.name = name;
  info.role = role;
  info.type = type;
  return info;
}

inline BlockInfo block(const std::string& type, std::vector<PortInfo> ports) {
  BlockInfo info;
  info.type = type;
  info.doc = "Does something";
  info.ports = std::move(ports);
  return info;
}

inline ParamInfo setting(const std::string& name, ParamKind kind, ParamValue init) {
  ParamInfo info;
  info.name = name;
  info.kind = kind;
  info.init = std::move(init);
  return info;
}

}  // namespace vcengine
