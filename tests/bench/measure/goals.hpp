/// The figures that vcengine is held to, by name: all of them, measured or not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "figures.hpp"

namespace vcengine::bench {

struct Goal {
  enum class Bound { at_most, at_least };

  std::string_view name;
  Bound bound;
  double value;
  std::optional<double> (*measured)(const Figures&);
  std::string_view missing;  ///< why there is nothing, where there is nothing
};

std::span<const Goal> goals();

bool is_met(const Goal& goal, double value);
/// "at most 2.5"
std::string text_of(const Goal& goal);
/// Why it was not measured: what Figures says of it, or else what the goal says.
std::string why_missing(const Goal& goal, const Figures& figures);

}  // namespace vcengine::bench
