#include "engine/catalog/describe_plugin.hpp"

#include <algorithm>
#include <exception>
#include <memory>

#include "block_access.hpp"
#include "engine/catalog/plugin_library.hpp"
#include "state_keeper.hpp"

namespace vcengine {

namespace {

using Params = std::span<const std::pair<std::string, ParamValue>>;

/// A circuit names ports and settings, so these names must be writable in one and clear. Inputs and
/// outputs are two sets: a block may have an input and an output 'image'.
void check_names(const BlockInfo& block) {
  std::vector<std::string> seen;
  const auto check = [&](const std::string& what, const std::string& name) {
    if (!detail::is_word(name)) {
      throw PluginError("declares in '" + block.type + "' the " + what + " '" + name +
                        "'; a name is like 'max_size': small letters, digits and '_'");
    }
    const auto key = what + " '" + name + "'";
    if (std::ranges::find(seen, key) != seen.end()) {
      throw PluginError("declares in '" + block.type + "' the " + key + " twice");
    }
    seen.push_back(key);
  };
  for (const auto& port : block.ports)
    check(port.role == PortRole::out ? "output" : "input", port.name);
  for (const auto& param : block.params) check("setting", param.name);
  for (const auto& state : block.states) check("state", state.name);
}

void check_states(const BlockInfo& block) {
  if (const auto problem = detail::too_much_state(block.states)) {
    throw PluginError("declares in '" + block.type + "' " + *problem);
  }
}

BlockInfo read_block(const BlockType& type, Block& block) {
  using detail::BlockAccess;
  BlockInfo info{.type = type.name,
                 .doc = type.doc,
                 .traits = type.traits,
                 .dynamic = type.dynamic,
                 .ports = {},
                 .params = {},
                 .states = {}};
  for (const auto* port : BlockAccess::inputs(block)) info.ports.push_back(port->info());
  for (const auto* port : BlockAccess::many_inputs(block)) info.ports.push_back(port->info());
  for (const auto* port : BlockAccess::outputs(block)) info.ports.push_back(port->info());
  for (const auto* param : BlockAccess::params(block)) info.params.push_back(param->info());
  for (const auto* state : BlockAccess::states(block)) info.states.push_back(state->info());
  check_names(info);
  check_states(info);
  return info;
}

void set_param(Block& block, const std::string& name, const ParamValue& value) {
  for (auto* param : detail::BlockAccess::params(block)) {
    if (param->info().name == name) return param->set(value);
  }
  throw PluginError("has no setting '" + name + "'");
}

/// Runs the block's own code; what it throws becomes a PluginError of `words(reason)`.
template <class Words, class Step>
auto run_block_code(Words words, Step step) {
  try {
    return step();
  } catch (const PluginError&) {
    throw;
  } catch (const std::exception& error) {
    throw PluginError(words(error.what()), PluginFault::in_surroundings);
  } catch (...) {
    throw PluginError(words("it threw something unknown"), PluginFault::in_surroundings);
  }
}

std::unique_ptr<Block> construct(const BlockType& type) {
  const auto words = [&](const std::string& reason) {
    return "has a block '" + type.name + "' that cannot be constructed (" + reason + ")";
  };
  return run_block_code(words, type.construct);
}

BlockInfo describe_type(const BlockType& type) {
  const auto block = construct(type);
  if (type.dynamic) {
    // Without a circuit's settings declare() may well have nothing to go by; then the ports that do
    // not depend on them are all there is to say.
    try {
      Setup setup(*block);
      block->declare(setup);
    } catch (...) {
    }
  }
  return read_block(type, *block);
}

BlockInfo describe_type(const BlockType& type, Params params) {
  const auto block = construct(type);
  const auto words = [](const std::string& reason) { return reason; };  // it is about the settings
  return run_block_code(words, [&] {
    for (const auto& [name, value] : params) set_param(*block, name, value);
    Setup setup(*block);
    block->declare(setup);
    return read_block(type, *block);
  });
}

}  // namespace

std::vector<BlockInfo> describe_plugin(const std::filesystem::path& file) {
  const PluginLibrary library(file);
  std::vector<BlockInfo> blocks;
  for (const auto& type : library.types()) blocks.push_back(describe_type(type));
  return blocks;
}

BlockInfo describe_plugin(const std::filesystem::path& file, std::string_view type, Params params) {
  const PluginLibrary library(file);
  return describe_type(library.find(type), params);
}

}  // namespace vcengine
