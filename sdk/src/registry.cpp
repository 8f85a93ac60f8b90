#include "vcengine/registry.hpp"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "vcengine/block.hpp"

namespace vcengine {

void Registry::add(BlockType type) {
  static const std::regex kName("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");
  if (!std::regex_match(type.name, kName)) {
    throw std::invalid_argument("'" + type.name +
                                "' is no name of a block type; write family.block_name");
  }
  const auto same_name = [&](const BlockType& other) { return other.name == type.name; };
  if (std::ranges::any_of(types_, same_name)) {
    throw std::invalid_argument("registers '" + type.name + "' twice");
  }
  types_.push_back(std::move(type));
}

namespace detail {

namespace {

std::vector<WorkerHook>& worker_hooks() {
  static std::vector<WorkerHook> hooks;  // filled while a plugin is loaded, before any object of ours
  return hooks;
}

}  // namespace

bool add_worker_hook(WorkerHook hook) {
  worker_hooks().push_back(hook);
  return true;
}

void run_worker_hooks(int threads) {
  for (const auto hook : worker_hooks()) hook(threads);
}

}  // namespace detail

}  // namespace vcengine
