#include "vcengine/registry.hpp"

#include <algorithm>
#include <stdexcept>

#include "vcengine/block.hpp"

namespace vcengine {

void Registry::add(BlockType type) {
  if (!detail::is_dotted_name(type.name)) {
    detail::a_block_type_is_named_family_dot_block_as_in_vision_blur(type.name);
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
  static std::vector<WorkerHook>
      hooks;  // filled while a plugin is loaded, before any object of ours
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
