/// A circuit as its file says it: plain values, no types or ports looked up yet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/supervision.hpp"
#include "vcengine/clock.hpp"
#include "vcengine/description.hpp"
#include "vcengine/sync_rule.hpp"

namespace vcengine {

/// A place in a circuit file, for messages; line and column from 1, 0: no place (a command line).
struct Place {
  int line = 0;
  int column = 0;
};

enum class WirePolicy : std::uint8_t { wait, drop_oldest };

struct ParamSetting {
  std::string name;
  ParamValue value;  ///< as YAML reads it: bool, integer, real, or text
  Place place;       ///< of the value
  Place name_place;
  std::string text;  ///< of the value as it was written, for a setting that wants text
};

/// `sync:`, and where it says what, for messages.
struct SyncSpec {
  SyncRule rule;
  bool from_defaults = false;  ///< then meant for the blocks that can have it
  Place place;
  Place by_place, tolerance_place, on_miss_place;  ///< of the values
};

/// `0-3` of a `cpu:`, a single core too.
struct CoreRange {
  int first = 0;
  int last = 0;
  Place place;
};

/// What a block's process may use (resources.hpp), as the file says it.
struct ResourcesSpec {
  std::vector<CoreRange> cpu;
  std::optional<int> nice;
  std::optional<std::uint64_t> memory;
  std::map<std::string, std::string> env;
  std::string cwd;
  Place cwd_place;
};

struct BlockSpec {
  std::string name;
  std::string type;
  std::vector<ParamSetting> params;
  std::optional<double> rate_hz;
  std::optional<bool> live;
  int threads = 1;               ///< of OpenCV and the like inside the block; 0: `auto`
  std::optional<SyncSpec> sync;  ///< none: equal stamps, and only of inputs that share a source
  Supervision supervision;
  ResourcesSpec resources;  ///< those of `defaults:` too
  Place place;              ///< of the name
  Place type_place;
  Place rate_place, live_place;
};

/// `defaults:`, for each block that can have the setting and does not say otherwise.
struct BlockDefaults {
  std::string type;
  std::vector<ParamSetting> params;
  std::optional<double> rate_hz;
  std::optional<bool> live;
  std::optional<int> threads;
  std::optional<SyncSpec> sync;
  Supervision supervision;
  ResourcesSpec resources;
  Place type_place;
};

/// `detect.edges`
struct PortRef {
  std::string block;
  std::string port;
  Place place;
};

/// The most frames that a wire can hold.
inline constexpr std::uint32_t kDeepestWire = 64;

struct WireSpec {
  PortRef from;
  PortRef to;
  std::optional<WirePolicy> policy;
  std::optional<std::uint32_t> depth;
  std::optional<std::uint64_t> capacity;  ///< bytes of the largest frame
  std::optional<StallRule> stall;
  Place place;
  Place policy_place, depth_place, capacity_place, stall_place;
};

struct Circuit {
  std::string name;
  std::filesystem::path file;        ///< absolute
  std::filesystem::path shown_file;  ///< as the user typed it, for messages
  std::filesystem::path folder;      ///< where relative paths start
  std::vector<std::string> lines;    ///< of the file, for messages
  ClockKind clock = ClockKind::wall;
  BlockDefaults defaults;
  std::vector<BlockSpec> blocks;
  std::vector<WireSpec> wires;
};

}  // namespace vcengine
