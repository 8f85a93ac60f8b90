#include "engine/circuit/wire_parser.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/circuit/duration_reader.hpp"
#include "engine/circuit/plain_value.hpp"
#include "engine/control/byte_size.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kMostWires = 4096;
constexpr std::uint64_t kLargestCapacity = std::uint64_t{4} << 30U;

constexpr std::string_view kForm = "'block.output -> block.input'";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

/// `detect.edges`; names that cannot be are left to the check, which knows those there are.
std::optional<PortRef> parse_port(std::string_view text, Place place, NodeReader& reader) {
  const auto dot = text.find('.');
  const bool complete = dot != std::string_view::npos && dot > 0 && dot + 1 < text.size();
  if (!complete || text.find_first_of(" \t\n.[", dot + 1) != std::string_view::npos) {
    reader.error(place, in_quotes(text) + " is no port; a port is 'block.port'");
    return std::nullopt;
  }
  return PortRef{.block = std::string(text.substr(0, dot)),
                 .port = std::string(text.substr(dot + 1)),
                 .place = place};
}

std::optional<WireSpec> parse_arrow(const YamlNode& node, NodeReader& reader) {
  const auto text = reader.text(node, "a wire", kForm);
  if (!text) return std::nullopt;
  constexpr std::string_view kArrow = "->";
  const std::string_view whole = *text;
  const auto arrow = whole.find(kArrow);
  const bool one_arrow =
      arrow != std::string_view::npos && whole.find(kArrow, arrow + 2) == std::string_view::npos;
  const auto from = trim(whole.substr(0, arrow));
  const auto to = one_arrow ? trim(whole.substr(arrow + 2)) : std::string_view{};
  if (!one_arrow || from.empty() || to.empty()) {
    reader.error(node.place, in_quotes(whole) + " is no wire; a wire is " + std::string(kForm));
    return std::nullopt;
  }
  const auto place_of = [&](std::string_view part) {
    return reader.place_inside(node, static_cast<std::size_t>(part.data() - whole.data()), part);
  };
  const auto from_port = parse_port(from, place_of(from), reader);
  const auto to_port = parse_port(to, place_of(to), reader);
  if (!from_port || !to_port) return std::nullopt;
  WireSpec wire;
  wire.from = *from_port;
  wire.to = *to_port;
  wire.place = node.place;
  return wire;
}

std::optional<WirePolicy> parse_policy(const YamlNode& node, NodeReader& reader) {
  const auto word = reader.word(node, "policy", {"wait", "drop_oldest"});
  if (!word) return std::nullopt;
  return *word == 0 ? WirePolicy::wait : WirePolicy::drop_oldest;
}

std::optional<std::uint64_t> parse_capacity(const YamlNode& node, NodeReader& reader) {
  constexpr std::string_view kExample =
      "bytes of the largest frame, such as 64MiB, and at most 4 GiB";
  const auto text = reader.text(node, "'capacity'", kExample);
  if (!text) return std::nullopt;
  const auto size = parse_size(*text);
  if (size && *size > 0 && *size <= kLargestCapacity) return size;
  reader.error(node.place,
               "'capacity' must be " + std::string(kExample) + ", not " + in_quotes(*text));
  return std::nullopt;
}

std::optional<StallRule> parse_stall(const YamlNode& node, NodeReader& reader) {
  StallRule rule;
  const auto errors_before = reader.error_count();
  for (const auto* entry : reader.entries(
           node, "'stall'", "a map such as {after: 5s, then: kill_reader}", {"after", "then"})) {
    const auto& [key, value] = *entry;
    if (key.text == "after") {
      rule.after = read_duration(value, key.text, false, reader).value_or(rule.after);
    } else {
      const auto word = reader.word(value, key.text, {"warn", "kill_reader", "drop_oldest"});
      if (word) rule.then = static_cast<OnStall>(*word);
    }
  }
  return reader.error_count() == errors_before ? std::optional(rule) : std::nullopt;
}

std::optional<PortRef> parse_end(const YamlNode& node, std::string_view what, NodeReader& reader) {
  const auto text = reader.text(node, what, "'block.port'");
  return text ? parse_port(trim(*text), node.place, reader) : std::nullopt;
}

std::optional<WireSpec> parse_map(const YamlNode& node, NodeReader& reader) {
  std::optional<PortRef> from, to;
  bool says_from = false, says_to = false;
  WireSpec wire;
  wire.place = node.place;
  const auto errors_before = reader.error_count();
  for (const auto* entry : reader.entries(node, "a wire", kForm,
                                          {"from", "to", "policy", "depth", "capacity", "stall"})) {
    const auto& [key, value] = *entry;
    if (key.text == "from") {
      says_from = true;
      from = parse_end(value, "'from'", reader);
    } else if (key.text == "to") {
      says_to = true;
      to = parse_end(value, "'to'", reader);
    } else if (key.text == "policy") {
      wire.policy = parse_policy(value, reader);
      wire.policy_place = value.place;
    } else if (key.text == "depth") {
      const auto depth = reader.integer(value, "'depth'", 1, kDeepestWire);
      if (depth) wire.depth = static_cast<std::uint32_t>(*depth);
      wire.depth_place = value.place;
    } else if (key.text == "stall") {
      wire.stall = parse_stall(value, reader);
      wire.stall_place = value.place;
    } else {
      wire.capacity = parse_capacity(value, reader);
      wire.capacity_place = value.place;
    }
  }
  const bool otherwise_fine = reader.error_count() == errors_before;
  if (!says_from && otherwise_fine) reader.error(node.place, "this wire needs a 'from'");
  if (!says_to && otherwise_fine) reader.error(node.place, "this wire needs a 'to'");
  if (!from || !to) return std::nullopt;
  wire.from = *from;
  wire.to = *to;
  return wire;
}

}  // namespace

std::vector<WireSpec> parse_wires(const YamlNode& node, NodeReader& reader) {
  std::vector<WireSpec> wires;
  if (node.kind == YamlNode::Kind::null) return wires;
  if (node.kind != YamlNode::Kind::sequence) {
    reader.error(node.place,
                 "'wires' must be a list of " + std::string(kForm) + ", not " + kind_name(node));
    return wires;
  }
  if (node.items.size() > kMostWires) {
    reader.error(node.items[kMostWires].place,
                 "a circuit can have at most " + std::to_string(kMostWires) + " wires");
    return wires;
  }
  for (const auto& item : node.items) {
    const auto wire =
        item.kind == YamlNode::Kind::map ? parse_map(item, reader) : parse_arrow(item, reader);
    if (wire) wires.push_back(*wire);
  }
  return wires;
}

}  // namespace vcengine
