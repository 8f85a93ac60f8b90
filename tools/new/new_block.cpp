#include "tools/new/new_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"
#include "tools/common/refusal.hpp"
#include "tools/common/spec_text.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kMostPorts = 64;  // more is a slip of a script

template <class Parse>
auto parse_all(const std::vector<std::string>& specs, std::string_view option,
               std::string_view example, Parse parse) {
  std::vector<decltype(parse(std::string_view{}))> all;
  for (const auto& spec : specs) {
    try {
      all.push_back(parse(spec));
    } catch (const Refusal& refusal) {
      throw Refusal(fmt::format("{0} {1}: {2}\n  for example {0} {3}", option, spec, refusal.what(),
                                example));
    }
  }
  return all;
}

void require_unique_names(const NewBlock& block) {
  std::map<std::string, std::string_view> seen;
  const auto take = [&](const std::string& name, std::string_view option) {
    const auto [other, is_new] = seen.emplace(name, option);
    if (is_new) return;
    throw Refusal(fmt::format(
        "{0} {1}: there is {2} '{1}' already; ports and settings of a block are members of one "
        "class, so each needs a name of its own\n  for example {0} {1}_2",
        option, name, other->second));
  };
  for (const auto& port : block.inputs) take(port.name, "--in");
  for (const auto& port : block.outputs) take(port.name, "--out");
  for (const auto& param : block.params) take(param.info.name, "--param");
}

void require_forwarded_inputs(const NewBlock& block) {
  for (const auto& port : block.outputs) {
    if (port.type.kind != PortKind::same_as) continue;
    const auto* input = block.find_input(port.same_as);
    if (input != nullptr && input->mode != InputMode::many) continue;
    std::vector<std::string> names;
    for (const auto& candidate : block.inputs) {
      if (candidate.mode != InputMode::many) names.push_back(candidate.name);
    }
    throw Refusal(fmt::format("--out {}:SameAs:{}: {}; {}", port.name, port.same_as,
                              input == nullptr
                                  ? fmt::format("there is no input '{}'", port.same_as)
                                  : fmt::format("'{}' is many inputs, not one", port.same_as),
                              names.empty() ? "add one: --in " + port.same_as + "_in:Any"
                                            : "name one of: " + join(names)));
  }
}

void use_defaults(NewBlock& block, bool no_params) {
  if (!block.inputs.empty() || !block.outputs.empty()) return;
  block.inputs.push_back(parse_input("image:Bgr8"));
  block.outputs.push_back(parse_output("result:Bgr8"));
  block.brightens = no_params;
  if (!no_params) return;
  block.params.push_back(parse_param("gain:float:0..10=1.5"));
  block.params.back().info.doc = "What each value is multiplied by";
}

}  // namespace

bool NewBlock::is_triggered() const {
  return std::ranges::any_of(inputs,
                             [](const NewPort& input) { return input.mode != InputMode::latest; });
}

const NewPort* NewBlock::find_input(const std::string& input) const {
  const auto found = std::ranges::find(inputs, input, &NewPort::name);
  return found == inputs.end() ? nullptr : &*found;
}

NewBlock make_block(const BlockWords& words) {
  NewBlock block;
  block.name = words.name;
  block.family = words.family.empty() ? "my" : words.family;
  if (const auto dot = words.name.rfind('.'); dot != std::string::npos) {
    const auto family = words.name.substr(0, dot);
    block.name = words.name.substr(dot + 1);
    if (!words.family.empty() && words.family != family) {
      throw Refusal(fmt::format("'{}' names the family {}, --family says {}; say it once",
                                words.name, family, words.family));
    }
    block.family = family;
  }
  require_block_name(block.name);
  require_family_name(block.family);
  require_plain_text(words.doc, "--doc");
  block.doc = words.doc.empty() ? fmt::format("What {} does", block.name) : words.doc;

  block.inputs = parse_all(words.inputs, "--in", "image:Bgr8", parse_input);
  block.outputs = parse_all(words.outputs, "--out", "edges:Gray8", parse_output);
  block.params = parse_all(words.params, "--param", "low:int:0..1000=85", parse_param);
  if (block.inputs.size() > kMostPorts || block.outputs.size() > kMostPorts) {
    throw Refusal(
        fmt::format("a block has {} inputs and {} outputs at most", kMostPorts, kMostPorts));
  }
  use_defaults(block, block.params.empty());
  if (block.brightens && words.doc.empty()) block.doc = "Brightens pictures";
  require_unique_names(block);
  require_forwarded_inputs(block);
  return block;
}

}  // namespace vcengine
