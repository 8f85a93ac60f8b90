/// The settings of a running circuit as they are now, and what a request to change them means.
/// [host]
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/circuit/plan_match.hpp"
#include "engine/control/json.hpp"

namespace vcengine {

class LiveSettings {
 public:
  using Setting = std::pair<std::string, ParamValue>;
  struct Change {
    std::size_t block = 0;
    std::vector<Setting> settings;
  };

  /// Borrows the plan.
  explicit LiveSettings(const Plan& plan);

  /// Of that name; throws JsonError with the nearest one.
  std::size_t block_named(std::string_view name) const;

  /// What a request changes, one for each block: {"block", "param", "value"}, or "settings", a list
  /// of such. Throws JsonError, ParamError with the range.
  std::vector<Change> changes_of(const JsonObject& request) const;
  /// The block has taken it.
  void apply(const Change& change);

  /// The circuit is about to become another one; its plan still says what it was.
  void rewire(const Plan& next, const PlanMatch& match);

  /// What the block is to begin with, should it be started again.
  std::vector<Setting> of(std::size_t block) const;
  /// Likewise, should it be another one: what was changed while it ran stays so, where that has
  /// such a parameter and takes the value.
  std::vector<Setting> of(std::size_t block, const PlannedBlock& next) const;
  /// It became another one; its plan still says what it was.
  void exchange(std::size_t block, const PlannedBlock& next) { settings_[block] = of(block, next); }
  const ParamValue& value(std::size_t block, const ParamInfo& param) const;
  /// It is not as the circuit had it at the start.
  bool was_tuned(std::size_t block, const ParamInfo& param) const;
  /// The block's settings with all that is known of them: for answers.
  void describe(std::size_t block, JsonArray& to) const;
  Json describe(std::size_t block, std::string_view param) const;

 private:
  const ParamInfo& param_named(std::size_t block, std::string_view name) const;

  const Plan& plan_;
  std::vector<std::vector<Setting>> settings_;  ///< those that are not as their type has them
};

}  // namespace vcengine
