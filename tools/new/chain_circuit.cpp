#include <fmt/format.h>

#include <algorithm>

#include "tools/common/setting_text.hpp"
#include "tools/new/chain.hpp"
#include "tools/new/param_spec.hpp"

namespace vcengine {
namespace {

bool has_limits(const ParamInfo& param) { return param.min && param.max && is_chosen(*param.max); }

/// One line: a comment ends where the line does.
std::string comment(const ParamInfo& param) {
  auto text = param.doc;
  if (needs_path(param)) text = "name one here: " + text;
  const bool said = std::ranges::all_of(param.choices, [&](const std::string& choice) {
    return param.doc.find(choice) != std::string::npos;
  });
  if (!said || has_limits(param)) text = NewParam{param}.allowed() + "; " + text;
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text.empty() ? "" : "  # " + text;
}

bool is_triggered(const BlockInfo& block) {
  return std::ranges::any_of(block.ports,
                             [](const PortInfo& port) { return port.role == PortRole::in; });
}

bool reads_newest(const BlockInfo& block) {
  return std::ranges::any_of(block.ports,
                             [](const PortInfo& port) { return port.role == PortRole::latest; });
}

std::string block_text(const ChainBlock& block) {
  auto text = fmt::format("  {}:\n    type: {}\n", block.name, block.info.type);
  if (reads_newest(block.info) && !is_triggered(block.info)) {
    text += "    rate: 30  # calls a second: its inputs are read, but never trigger it\n";
  }
  std::string params;
  for (const auto& param : block.info.params) {
    const auto value = in_circuit(param, param.init);
    if (!value.empty())
      params += fmt::format("      {}: {}{}\n", param.name, value, comment(param));
  }
  return params.empty() ? text : text + "    params:\n" + params;
}

}  // namespace

std::string chain_circuit(const std::string& name, const Chain& chain) {
  std::string blocks;
  std::string wires;
  std::string types;
  for (const auto& block : chain.blocks) {
    blocks += block_text(block);
    types += (types.empty() ? "" : " -> ") + block.info.type;
  }
  for (const auto& wire : chain.wires) {
    wires += fmt::format("  - {}.{} -> {}.{}\n", chain.blocks[wire.from_block].name, wire.from_port,
                         chain.blocks[wire.to_block].name, wire.to_port);
  }
  return fmt::format(
      "# {}\n"
      "# Settings stand at their initial values: change them here, or for one run with\n"
      "# `vcengine {}.yaml --set BLOCK.NAME=VALUE`.\n"
      "circuit: {}\nblocks:\n{}{}{}",
      types, name, name, blocks,
      wires.empty() ? ""
                    : "# A wire waits for its reader. To drop old frames instead:\n"
                      "#   - {from: a.out, to: b.in, policy: drop_oldest}\nwires:\n",
      wires);
}

std::string example_circuit(const std::string& name) {
  return fmt::format(
      R"(# Shows ten seconds of a moving pattern; without a screen its frames are counted.
# Change `type` to io.camera or io.video_file for other pictures, and put blocks between:
# `vcengine inspect` lists what there is, `vcengine inspect TYPE` says what its ports and settings are.
circuit: {}
blocks:
  source: {{type: io.test_pattern, params: {{frames: 300}}}}
  view: {{type: io.screen}}
wires:
  - source.frames -> view.image
)",
      name);
}

}  // namespace vcengine
