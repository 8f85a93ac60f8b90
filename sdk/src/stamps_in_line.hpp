#pragma once

#include <optional>
#include <utility>

#include "block_access.hpp"
#include "vcengine/block.hpp"

namespace vcengine::detail {

/// The stamps of a block's frames. Those that a source says itself are moved, where one begins
/// anew, behind all that its predecessors sent; the block sees nothing of it.
class StampsInLine {
 public:
  /// The block begins anew: if the first stamp that it says is before this one, all of them are
  /// moved. (A source whose stamps go by a clock is behind its predecessors anyway.)
  void follow(Stamp next) { follows_ = next; }

  /// Of what it publishes now.
  Stamp now(const Block& block) {
    const auto stamp = BlockAccess::stamp(block);
    if (!BlockAccess::stamp_set(block)) return stamp;
    if (const auto next = std::exchange(follows_, std::nullopt); next && stamp < *next) {
      moved_ = *next - stamp;
    }
    return stamp + moved_;
  }

 private:
  std::optional<Stamp> follows_;  // until it says its first one
  Stamp moved_{0};
};

}  // namespace vcengine::detail
