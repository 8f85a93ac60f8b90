#include "tools/reference/example_circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"
#include "tools/common/setting_text.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kLongestLine = 100;

/// What comes with vcengine and sends frames that an input can take.
enum class Feed { pattern, edges, counter };

std::optional<Feed> feed_of(const TypeName& type) {
  if (type == "image/gray8") return Feed::edges;  // of the pattern, so that the two match
  if (type == "image/bgr8" || type == "image" || type == "any") return Feed::pattern;
  if (type == "number") return Feed::counter;
  return std::nullopt;
}

bool is_picture(const TypeName& type) { return type == "image" || type.starts_with("image/"); }
bool triggers(const PortInfo& port) { return port.role == PortRole::in; }

/// The inputs that are wired: all that must be, or the first of those that may; and newest values.
std::vector<PortInfo> inputs_to_wire(const BlockInfo& block) {
  std::vector<PortInfo> inputs;
  for (const auto& port : block.ports) {
    if (triggers(port) && !port.optional) inputs.push_back(port);
  }
  const auto first = std::ranges::find_if(block.ports, triggers);
  if (inputs.empty() && first != block.ports.end()) inputs.push_back(*first);
  for (const auto& port : block.ports) {
    if (port.role == PortRole::latest && feed_of(port.type)) inputs.push_back(port);
  }
  return inputs;
}

/// Inputs without a feed; those that trigger are matched by stamp, so they must share a source.
std::vector<PortInfo> unfed_of(const std::vector<PortInfo>& inputs) {
  std::vector<PortInfo> unfed;
  std::optional<bool> counted;
  for (const auto& input : inputs) {
    const auto feed = feed_of(input.type);
    const bool counts = feed == Feed::counter;
    if (!feed || (triggers(input) && counted && *counted != counts)) unfed.push_back(input);
    if (feed && triggers(input) && !counted) counted = counts;
  }
  return unfed;
}

std::string names_of(const std::vector<PortInfo>& ports) {
  std::vector<std::string> names;
  names.reserve(ports.size());
  for (const auto& port : ports) names.push_back(fmt::format("`{}`", port.name));
  return join(names);
}

/// `type: …` and the settings: on one line, or, where that would be long or needs words, on
/// several.
std::string block_line(const BlockInfo& block, const std::string& name, bool needs_rate) {
  std::vector<std::string> pairs;
  std::string lines;
  bool words = false;
  for (const auto& param : block.params) {
    const auto value = in_circuit(param, param.init);
    if (value.empty()) continue;
    const auto pair = param.name + ": " + value;
    pairs.push_back(pair);
    lines += fmt::format("      {}{}\n", pair, needs_path(param) ? "  # name one here" : "");
    words = words || needs_path(param);
  }
  const std::string rate = needs_rate ? "rate: 30" : "";
  auto line = fmt::format("  {}: {{type: {}", name, block.type);
  if (needs_rate) line += ", " + rate;
  if (!pairs.empty()) line += fmt::format(", params: {{{}}}", join(pairs));
  line += "}\n";
  if (!words && line.size() <= kLongestLine) return line;
  return fmt::format("  {}:\n    type: {}\n{}    params:\n{}", name, block.type,
                     needs_rate ? "    " + rate + "\n" : "", lines);
}

class Writer {
 public:
  explicit Writer(const BlockInfo& block) : block_(block) {
    own_ = circuit_block_name(block.type.substr(block.type.rfind('.') + 1), taken_);
  }

  ExampleCircuit write() {
    const auto inputs = inputs_to_wire(block_);
    const auto unfed = unfed_of(inputs);
    const bool triggered = std::ranges::any_of(inputs, triggers);
    const auto own = block_line(block_, own_, !inputs.empty() && !triggered);
    if (!unfed.empty()) return {"blocks:\n" + own, names_of(unfed)};
    for (const auto& input : inputs) wire(output_for(input), own_ + '.' + input.name);
    blocks_ += own;
    for (const auto& port : block_.ports) {
      if (port.role == PortRole::out) add_sink(port);
    }
    return {fmt::format("circuit: {}\nblocks:\n{}{}{}", own_, blocks_,
                        wires_.empty() ? "" : "wires:\n", wires_),
            ""};
  }

 private:
  std::string add(const std::string& wish, const std::string& what) {
    auto name = circuit_block_name(wish, taken_);
    blocks_ += fmt::format("  {}: {{{}}}\n", name, what);
    return name;
  }

  void wire(const std::string& from, const std::string& to) {
    wires_ += fmt::format("  - {} -> {}\n", from, to);
  }

  /// A second picture of any kind is another one than the first.
  std::string output_for(const PortInfo& input) {
    const bool second = !feeds_[static_cast<std::size_t>(Feed::pattern)].empty();
    return output_of(second && input.type == "image" ? Feed::edges : *feed_of(input.type));
  }

  /// "source.frames"; the block that sends it is added once.
  std::string output_of(Feed feed) {
    auto& name = feeds_[static_cast<std::size_t>(feed)];
    switch (feed) {
      case Feed::pattern:
        if (name.empty()) name = add("source", "type: io.test_pattern, params: {frames: 300}");
        return name + ".frames";
      case Feed::edges:
        if (name.empty()) {
          const auto frames = output_of(Feed::pattern);
          name = add("edges", "type: vision.edge_detector");
          wire(frames, name + ".image");
        }
        return name + ".edges";
      case Feed::counter:
        if (name.empty()) name = add("numbers", "type: core.counter, params: {count: 10}");
        return name + ".number";
    }
    return {};
  }

  void add_sink(const PortInfo& output) {
    auto type = output.type;
    for (const auto& input : block_.ports) {
      if (input.name == output.same_as) type = input.type == "any" ? "image/bgr8" : input.type;
    }
    const bool shown = is_picture(type);
    const auto name = add(shown ? "view" : "print", shown ? "type: io.screen" : "type: io.print");
    wire(own_ + '.' + output.name, name + (shown ? ".image" : ".in"));
  }

  const BlockInfo& block_;
  std::set<std::string> taken_;
  std::string own_, blocks_, wires_;
  std::string feeds_[3];
};

}  // namespace

ExampleCircuit example_circuit(const BlockInfo& block) { return Writer(block).write(); }

}  // namespace vcengine
