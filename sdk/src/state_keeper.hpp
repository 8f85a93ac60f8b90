/// Carries the States of a block to its status page and back.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vcengine/block.hpp"
#include "wire/layout.hpp"

namespace vcengine::detail {

/// In words, if a block declares more than kMostState: "5000 bytes of state ('sums' 4000, …".
std::optional<std::string> too_much_state(std::span<const StateInfo> states);

/// Costs a block without States nothing.
class StateKeeper {
 public:
  /// The block is declared; it and the page outlive this. Gives the block what its predecessor
  /// kept, if that had the same States. Throws std::length_error for too much of it.
  StateKeeper(Block& block, wire::StatusPage& page);

  /// The block's values are those that count from now on.
  void commit() noexcept {
    if (!states_.empty()) write();
  }
  /// Gives the block the values that were committed last.
  void roll_back() noexcept;
  /// A successor begins with the values that the block declares.
  void forget() noexcept;

 private:
  void gather() noexcept;
  void write() noexcept;

  const std::vector<StateBase*>& states_;
  wire::StatusPage& page_;
  std::vector<std::byte> kept_;  // the values that count, one behind another
};

}  // namespace vcengine::detail
