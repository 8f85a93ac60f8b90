/// A checked circuit: every type and port looked up, every default filled in; what wiring and the
/// supervisor work from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/circuit/circuit.hpp"
#include "engine/circuit/resources.hpp"
#include "vcengine/clock.hpp"
#include "vcengine/description.hpp"
#include "vcengine/sync_rule.hpp"

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
  SyncRule sync;           ///< of its Ins, if it has several
  Supervision supervision;
  Resources resources;  ///< of its process
};

struct PlannedWire {
  std::size_t from_block = 0;   ///< index into Plan::blocks
  std::size_t from_output = 0;  ///< index into Plan::outputs
  std::size_t to_block = 0;
  std::string to_port;  ///< "image", or "images[1]" for the second wire into an Inputs
  std::string from_port;
  WirePolicy policy = WirePolicy::wait;
  std::uint32_t depth = 2;
  std::optional<StallRule> stall;  ///< of one that waits
  bool latest = false;             ///< leads into a Latest
  /// Latest, `offline`: closes a loop, so what it brings is of the time before the reader's own.
  bool feedback = false;
  bool says_policy = false, says_depth = false;  ///< not chosen by the check: so the file says
  /// Frames that its reader may have sent on as they are and not let go of yet.
  std::uint32_t forwarded = 0;

  /// It waits, but may have to drop one day: its reader must be ready for that from the start.
  bool drops_when_stalled() const { return stall && stall->then == OnStall::drop_oldest; }

  friend bool operator==(const PlannedWire&, const PlannedWire&) = default;
};

/// An output port that at least one wire leaves: one pool.
struct PlannedOutput {
  std::size_t block = 0;
  std::string port;
  TypeName type;
  std::vector<FieldInfo> record_fields;  ///< of a record type
  std::uint64_t capacity = 0;            ///< bytes of a slot
  std::uint32_t delayed = 0;             ///< may come up to so many triggers later
  /// Somebody further down has to know what will not come any more: a block that matches several
  /// inputs, a Latest that goes by stamps, an admission group.
  bool tells_bound = false;
  std::vector<std::size_t> wires;  ///< indices into Plan::wires, in the order of the file
  /// Outputs whose frames it may send on as they are, and how many at once.
  std::vector<std::size_t> origins;
  std::uint32_t forwarded = 0;

  friend bool operator==(const PlannedOutput&, const PlannedOutput&) = default;
};

/// A live source and all blocks that its frames reach over wires that wait, because they meet again
/// in a block with several inputs. The source lets a frame in for all of them or for none, as soon
/// as they are ready for it.
struct AdmissionGroup {
  struct Member {
    std::size_t block = 0;
    std::vector<std::size_t> after;  ///< members whose frames it takes; none: the source's
    bool joins = false;              ///< waits for frames of several inputs

    friend bool operator==(const Member&, const Member&) = default;
  };
  std::size_t source = 0;          ///< block
  std::vector<Member> members;     ///< each after those whose frames it takes
  std::vector<std::size_t> wires;  ///< from the source on, in the order of the file
  std::vector<std::size_t> meets;  ///< blocks in which the frames meet: the reason

  friend bool operator==(const AdmissionGroup&, const AdmissionGroup&) = default;
};

struct Plan {
  std::string name;
  std::filesystem::path file;
  std::filesystem::path folder;
  std::vector<PlannedBlock> blocks;
  std::vector<PlannedWire> wires;
  std::vector<PlannedOutput> outputs;
  std::vector<AdmissionGroup> groups;
  ClockKind clock = ClockKind::wall;
  bool offline = false;  ///< media clock, every wire waits, a Latest goes by stamps

  /// Does a live source look at how far this block is?
  bool is_admitted(std::size_t block) const {
    return std::ranges::any_of(groups, [block](const AdmissionGroup& group) {
      return std::ranges::find(group.members, block, &AdmissionGroup::Member::block) !=
             group.members.end();
    });
  }

  /// "view.image"
  std::string wire_name(std::size_t wire) const {
    return blocks[wires[wire].to_block].name + "." + wires[wire].to_port;
  }
};

}  // namespace vcengine
