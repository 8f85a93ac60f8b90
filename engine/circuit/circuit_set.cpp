#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/circuit_parser.hpp"
#include "engine/circuit/plain_value.hpp"
#include "engine/control/nearest_word.hpp"

namespace vcengine {

void apply_set(Circuit& circuit, std::string_view assignment) {
  const auto refuse = [&](std::string message) {
    throw CircuitError(Diagnostic{.file = "--set " + std::string(assignment),
                                  .place = {},
                                  .message = std::move(message),
                                  .line_text = {}});
  };
  const auto equals = assignment.find('=');
  const auto target = assignment.substr(0, equals);
  const auto dot = target.find('.');
  if (equals == std::string_view::npos || dot == std::string_view::npos ||
      !is_name(target.substr(dot + 1))) {
    refuse("a setting is 'block.parameter=value', such as detect.low=60");
  }
  const std::string block_name(target.substr(0, dot));
  const std::string param_name(target.substr(dot + 1));
  const std::string text(assignment.substr(equals + 1));

  const auto block = std::find_if(circuit.blocks.begin(), circuit.blocks.end(),
                                  [&](const BlockSpec& spec) { return spec.name == block_name; });
  if (block == circuit.blocks.end()) {
    std::vector<std::string> names;
    for (const auto& spec : circuit.blocks) names.push_back(spec.name);
    auto hint = did_you_mean(block_name, names);
    if (hint.empty()) hint = "; it has " + join(names);
    refuse("no block " + in_quotes(block_name) + " in this circuit" + hint);
  }
  auto& params = block->params;
  std::erase_if(params, [&](const ParamSetting& setting) { return setting.name == param_name; });
  params.push_back({.name = param_name,
                    .value = plain_value(text),
                    .place = {},
                    .name_place = {},
                    .text = text});
}

}  // namespace vcengine
