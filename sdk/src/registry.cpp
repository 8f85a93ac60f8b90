#include "vcengine/registry.hpp"

#include <algorithm>
#include <stdexcept>

#include "vcengine/block.hpp"

namespace vcengine {

namespace {

bool is_word(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Two words or more, with dots between them.
bool is_type_name(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos || !is_word(name.substr(0, dot))) return false;
  const auto rest = name.substr(dot + 1);
  return is_word(rest) || is_type_name(rest);
}

}  // namespace

void Registry::add(BlockType type) {
  if (!is_type_name(type.name)) {
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
