#include "settings.hpp"

#include <algorithm>
#include <forward_list>

#include "block_access.hpp"

namespace vcengine::detail {

void change_settings(Block& block, std::span<const std::pair<std::string, ParamValue>> settings) {
  std::forward_list<std::pair<ParamBase*, ParamValue>> before;  // the last one first
  try {
    for (const auto& [name, value] : settings) {
      auto& params = BlockAccess::params(block);
      const auto found = std::ranges::find_if(
          params, [&name = name](const auto* param) { return param->info().name == name; });
      if (found == params.end()) throw ParamError("the block has no setting '" + name + "'");
      before.emplace_front(*found, (*found)->value());
      (*found)->set(value);
    }
    block.check();
  } catch (...) {
    // Backwards, for one may have been changed twice.
    for (const auto& [param, value] : before) param->set(value);
    throw;
  }
}

}  // namespace vcengine::detail
