/// From a Circuit to a Plan: looks up every type, port and setting, fills in every default, and
/// refuses what cannot run before anything is started.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/diagnostic.hpp"
#include "engine/circuit/plan.hpp"
#include "vcengine/description.hpp"

namespace vcengine {

/// The block types there are (the catalog; a fake in tests).
class TypeSource {
 public:
  using Settings = std::vector<std::pair<std::string, ParamValue>>;

  virtual ~TypeSource() = default;

  /// Null for a type that is not there; the entry lives as long as the source.
  virtual const CatalogEntry* find(const std::string& type) const = 0;
  virtual std::vector<std::string> type_names() const = 0;
  /// For the message about a missing type.
  virtual std::vector<std::string> searched_folders() const = 0;
  /// Describes a type whose ports depend on its settings. Throws std::exception with the reason if
  /// it cannot be described with these.
  virtual BlockInfo describe(const std::string& type, const Settings& settings) = 0;
};

struct CheckOptions {
  bool offline = false;  ///< the plan is for a run that gives the same result twice
  const std::vector<int>* cores = nullptr;  ///< that blocks can have; none: those of this process
};

/// Throws CircuitError with all that is wrong. What can run but is hardly meant is added to
/// `warnings`. `errors`: of the parser; parts of the circuit are then missing, and only what the
/// rest says for certain is reported beside them.
Plan check_circuit(const Circuit& circuit, TypeSource& types, Diagnostics* warnings = nullptr,
                   Diagnostics errors = {}, CheckOptions options = {});

}  // namespace vcengine
