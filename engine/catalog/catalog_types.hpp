#pragma once

#include "engine/catalog/catalog.hpp"
#include "engine/circuit/circuit_check.hpp"

namespace vcengine {

/// The catalog as the check of a circuit sees it. Borrows both for its life.
class CatalogTypes final : public TypeSource {
 public:
  CatalogTypes(const Catalog& catalog, const Describer& describer)
      : catalog_(catalog), describer_(describer) {}

  const CatalogEntry* find(const std::string& type) const override { return catalog_.find(type); }
  std::vector<std::string> type_names() const override { return catalog_.type_names(); }

  /// "/usr/lib/vcengine/plugins", "/home/me/plugins (does not exist)".
  std::vector<std::string> searched_folders() const override;

  BlockInfo describe(const std::string& type, const Settings& settings) override;

 private:
  const Catalog& catalog_;
  const Describer& describer_;
};

}  // namespace vcengine
