#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tools/common/names.hpp"
#include "tools/new/block_files.hpp"

namespace vcengine {
namespace {

/// Whose frames an input of the circuit can have: pictures and numbers are made by blocks that come
/// with vcengine, all else by a feed.
enum class Origin { pattern, edges, counter, feed };

Origin shipped_origin(const PortType& type) {
  switch (type.kind) {
    case PortKind::bgr8:
    case PortKind::image:
    case PortKind::any:
      return Origin::pattern;
    case PortKind::gray8:
      return Origin::edges;  // of the pattern, so that both match
    case PortKind::number:
      return Origin::counter;
    default:
      return Origin::feed;
  }
}

Origin root_of(Origin origin) { return origin == Origin::edges ? Origin::pattern : origin; }

/// Inputs that trigger are matched by stamp, so they must all come from one source.
bool triggers_need_feed(const NewBlock& block) {
  std::set<Origin> roots;
  for (const auto& input : block.inputs) {
    if (input.mode != InputMode::latest) roots.insert(root_of(shipped_origin(input.type)));
  }
  return roots.contains(Origin::feed) || roots.size() > 1;
}

Origin origin_of(const NewBlock& block, const NewPort& input) {
  const bool by_feed = input.mode != InputMode::latest && triggers_need_feed(block);
  return by_feed ? Origin::feed : shipped_origin(input.type);
}

/// The output of a feed that has frames for an input.
NewPort feed_port(const NewPort& input) {
  auto type = input.type;
  if (type.kind == PortKind::image || type.kind == PortKind::any) type = {PortKind::bgr8, {}};
  static const std::map<PortKind, std::string> names{{PortKind::bgr8, "pictures"},
                                                     {PortKind::gray8, "grays"},
                                                     {PortKind::number, "numbers"},
                                                     {PortKind::text, "texts"},
                                                     {PortKind::bytes, "packets"}};
  const auto named = names.find(type.kind);
  return {named != names.end() ? named->second : fmt::format("values_{}", type.element.short_name),
          type,
          InputMode::trigger,
          {}};
}

class CircuitWriter {
 public:
  explicit CircuitWriter(const NewBlock& block) : block_(block), feed_(feed_of(block)) {
    own_ = circuit_block_name(block.name, taken_);
  }

  std::string write() {
    for (const auto& input : block_.inputs) {
      const auto from = origin(origin_of(block_, input), input);
      const int wires = input.mode == InputMode::many ? 2 : 1;
      for (int i = 0; i < wires; ++i) wire(from, own_ + '.' + input.name);
    }
    add_own_block();
    for (const auto& output : block_.outputs) add_sink(output);
    return fmt::format(
        "# {}. Its settings stand at the block; `--set {}.NAME=VALUE` overrides them.\n{}"
        "circuit: {}\nblocks:\n{}wires:\n{}",
        block_.doc, own_, how_it_ends(), block_.name, blocks_, wires_);
  }

 private:
  std::string how_it_ends() const {
    return circuit_ends(block_) ? "# It ends after 300 frames: `frames` or `count` of the source "
                                  "says so; 0 is endless.\n"
                                : "# It runs until Ctrl-C; `--frames 300` ends it by itself.\n";
  }

  void wire(const std::string& from, const std::string& to) {
    wires_ += fmt::format("  - {} -> {}\n", from, to);
  }

  /// "pattern.frames": the output to wire from; its blocks are added once.
  std::string origin(Origin origin, const NewPort& input) {
    auto& name = names_[origin];
    const bool is_new = name.empty();
    switch (origin) {
      case Origin::pattern:
        if (is_new) {
          name =
              add("pattern",
                  "{type: io.test_pattern, params: {frames: 300}}  # or io.video_file, io.camera");
        }
        return name + ".frames";
      case Origin::edges: {
        const auto frames = this->origin(Origin::pattern, input);
        if (is_new) {
          names_[origin] = add("edges", "{type: vision.edge_detector}");
          wire(frames, names_[origin] + ".image");
        }
        return names_[origin] + ".edges";
      }
      case Origin::counter:
        if (is_new) name = add("counter", "{type: core.counter, params: {count: 300}}");
        return name + ".number";
      case Origin::feed:
        break;
    }
    if (is_new) {
      name = add("feed", fmt::format("{{type: {}, rate: 30}}  # stands in for blocks of yours",
                                     feed_->type()));
    }
    return name + '.' + feed_port(input).name;
  }

  std::string add(std::string_view wish, const std::string& what) {
    auto name = circuit_block_name(wish, taken_);
    blocks_ += fmt::format("  {}: {}\n", name, what);
    return name;
  }

  void add_own_block() {
    blocks_ += fmt::format("  {}:\n    type: {}\n", own_, block_.type());
    if (!block_.is_triggered()) blocks_ += "    rate: 30  # calls of process() a second\n";
    if (!block_.params.empty()) blocks_ += "    params:\n";
    for (const auto& param : block_.params) {
      const auto allowed = param.allowed();
      blocks_ += fmt::format("      {}: {}{}\n", param.info.name, param.init_in_circuit(),
                             allowed.empty() ? "" : "  # " + allowed);
    }
  }

  void add_sink(const NewPort& output) {
    const auto* type = &output.type;
    if (type->kind == PortKind::same_as) type = &block_.find_input(output.same_as)->type;
    const bool shown = type->is_picture();
    const auto name = add((shown ? "view_" : "print_") + output.name,
                          shown ? "{type: io.screen}" : "{type: io.print, params: {every: 30}}");
    wire(fmt::format("{}.{}", own_, output.name), name + (shown ? ".image" : ".in"));
  }

  const NewBlock& block_;
  std::optional<NewBlock> feed_;
  std::string own_, blocks_, wires_;
  std::set<std::string> taken_;
  std::map<Origin, std::string> names_;
};

}  // namespace

std::optional<NewBlock> feed_of(const NewBlock& block) {
  NewBlock feed;
  feed.family = block.family;
  feed.name = block.name + "_feed";
  feed.doc = "Sends examples of what " + block.name + " takes";
  for (const auto& input : block.inputs) {
    if (origin_of(block, input) != Origin::feed) continue;
    const auto port = feed_port(input);
    const auto same = [&](const NewPort& other) { return other.name == port.name; };
    if (std::ranges::none_of(feed.outputs, same)) feed.outputs.push_back(port);
  }
  if (feed.outputs.empty()) return std::nullopt;
  return feed;
}

bool circuit_ends(const NewBlock& block) { return block.is_triggered() && !feed_of(block); }

std::string block_circuit(const NewBlock& block) { return CircuitWriter(block).write(); }

}  // namespace vcengine
