/// A checked circuit: every type and port looked up, every default filled in; what wiring and the
/// supervisor work from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "vcengine/description.hpp"

namespace vcengine {

/// Where a block type is and what it says of itself.
struct CatalogEntry {
  BlockInfo info;
  std::filesystem::path plugin;
};

struct PlannedBlock {
  std::string name;
  CatalogEntry type;
  std::vector<std::pair<std::string, ParamValue>> params;  ///< checked, paths absolute
  std::optional<double> rate_hz;
  bool live = false;
  int threads = 1;
  bool is_source = false;  ///< no In that is wired
  bool is_sink = false;    ///< none of its outputs is wired
};

struct PlannedWire {
  std::size_t from_block = 0;   ///< index into Plan::blocks
  std::size_t from_output = 0;  ///< index into Plan::outputs
  std::size_t to_block = 0;
  std::string to_port;  ///< "image", or "images[1]" for the second wire into an Inputs
  std::string from_port;
  WirePolicy policy = WirePolicy::wait;
  std::uint32_t depth = 2;
  bool latest = false;  ///< leads into a Latest
};

/// An output port that at least one wire leaves: one pool.
struct PlannedOutput {
  std::size_t block = 0;
  std::string port;
  TypeName type;
  std::vector<FieldInfo> record_fields;  ///< of a record type
  std::uint64_t capacity = 0;            ///< bytes of a slot
  bool delayed = false;
  bool feeds_join = false;         ///< a block further down matches several inputs by stamp
  std::vector<std::size_t> wires;  ///< indices into Plan::wires, in the order of the file
};

struct Plan {
  std::string name;
  std::filesystem::path file;
  std::filesystem::path folder;
  std::vector<PlannedBlock> blocks;
  std::vector<PlannedWire> wires;
  std::vector<PlannedOutput> outputs;

  /// "view.image"
  std::string wire_name(std::size_t wire) const {
    return blocks[wires[wire].to_block].name + "." + wires[wire].to_port;
  }
};

}  // namespace vcengine
