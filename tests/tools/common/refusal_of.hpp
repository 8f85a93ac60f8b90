#pragma once

#include <string>

#include "tools/common/refusal.hpp"

namespace vcengine {

/// The text of the Refusal that `make` throws; empty if it throws none.
template <class Make>
std::string refusal_of(Make make) {
  try {
    make();
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return {};
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace vcengine
