#include "engine/circuit/circuit_parser.hpp"

#include <algorithm>
#include <utility>

#include "engine/circuit/block_parser.hpp"
#include "engine/circuit/node_reader.hpp"
#include "engine/circuit/plain_value.hpp"
#include "engine/circuit/source_text.hpp"
#include "engine/circuit/wire_parser.hpp"
#include "engine/circuit/yaml_document.hpp"

namespace vcengine {
namespace {

/// A name for a circuit that gives itself none: "My Edges-2.yaml" is "my_edges_2".
std::string name_of(const std::filesystem::path& file) {
  std::string name = file.stem().string().substr(0, 48);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_name(std::string{'a', c})) c = '_';
  }
  return is_name(name) ? name : "circuit_" + name;
}

ClockKind parse_clock(const YamlNode& node, NodeReader& reader) {
  return reader.word(node, "clock", {"wall", "media"}) == 1 ? ClockKind::media : ClockKind::wall;
}

Circuit parse(const SourceText& source, const Environment& environment, Diagnostics& errors) {
  const auto root = parse_yaml(source);
  if (root.kind == YamlNode::Kind::null) throw CircuitError(source.error_at({}, "is empty"));

  Circuit circuit;
  circuit.shown_file = source.file;
  circuit.file = std::filesystem::absolute(source.file).lexically_normal();
  circuit.folder = circuit.file.parent_path();
  circuit.lines = source.lines;
  circuit.name = name_of(source.file);

  NodeReader reader(source, environment, errors);
  const YamlEntry* blocks = nullptr;
  for (const auto* entry : reader.entries(root, "a circuit file", "a map with 'blocks' and 'wires'",
                                          {"circuit", "clock", "defaults", "blocks", "wires"})) {
    const auto& [key, value] = *entry;
    if (key.text == "circuit") {
      const auto name = reader.text(value, "'circuit'", "a name");
      if (name && reader.require_name(*name, value.place)) circuit.name = *name;
    } else if (key.text == "clock") {
      circuit.clock = parse_clock(value, reader);
    } else if (key.text == "defaults") {
      circuit.defaults = parse_defaults(value, reader);
    } else if (key.text == "blocks") {
      blocks = entry;  // later: the defaults may come below them
    } else {
      circuit.wires = parse_wires(value, reader);
    }
  }
  if (blocks != nullptr) {
    circuit.blocks = parse_blocks(blocks->value, blocks->key.place, circuit.defaults, reader);
  } else if (root.kind == YamlNode::Kind::map) {
    reader.error({},
                 "no 'blocks:' in this circuit; write, say, 'blocks: {camera: {type: io.camera}}'");
  }
  return circuit;
}

Circuit parse_or_throw(const SourceText& source, const Environment& environment) {
  Diagnostics errors;
  auto circuit = parse(source, environment, errors);
  if (!errors.empty()) throw CircuitError(std::move(errors));
  return circuit;
}

}  // namespace

Circuit parse_circuit(const std::filesystem::path& file) {
  return parse_or_throw(read_source(file), process_environment());
}

Circuit parse_circuit(const std::filesystem::path& file, Diagnostics& errors) {
  return parse(read_source(file), process_environment(), errors);
}

Circuit parse_circuit_text(std::string text, std::filesystem::path file,
                           const Environment& environment) {
  return parse_or_throw(make_source(std::move(text), std::move(file)), environment);
}

}  // namespace vcengine
