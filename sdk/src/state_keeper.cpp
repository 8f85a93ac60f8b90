#include "state_keeper.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string_view>

#include "block_access.hpp"
#include "wire/kept_state.hpp"

namespace vcengine::detail {

static_assert(kMostState == wire::kKeptBytes);

namespace {

std::uint64_t size_of(std::span<const StateInfo> states) {
  const auto add = [](std::uint64_t sum, const StateInfo& state) { return sum + state.size; };
  return std::accumulate(states.begin(), states.end(), std::uint64_t{0}, add);
}

std::vector<StateInfo> infos_of(const std::vector<StateBase*>& states) {
  std::vector<StateInfo> infos;
  for (const auto* state : states) infos.push_back(state->info());
  return infos;
}

/// FNV-1a of 64 bits over what must be equal for a successor to go on. 0: there is nothing to keep.
std::uint64_t schema_of(std::span<const StateInfo> states) {
  if (states.empty()) return 0;
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  };
  for (const auto& state : states) {
    add(state.name + ' ' + state.type + ' ' + std::to_string(state.size) + '\n');
  }
  return std::max<std::uint64_t>(hash, 1);
}

}  // namespace

std::optional<std::string> too_much_state(std::span<const StateInfo> states) {
  const auto size = size_of(states);
  if (size <= kMostState) return std::nullopt;
  std::string list;
  for (const auto& state : states) {
    list += (list.empty() ? "'" : ", '") + state.name + "' " + std::to_string(state.size);
  }
  return std::to_string(size) + " bytes of state (" + list + "), and a block keeps at most " +
         std::to_string(kMostState) + "; what is larger goes into a file";
}

StateKeeper::StateKeeper(Block& block, wire::StatusPage& page)
    : states_(BlockAccess::states(block)), page_(page) {
  const auto infos = infos_of(states_);
  if (const auto problem = too_much_state(infos)) {
    throw std::length_error("the block declares " + *problem);
  }
  kept_.resize(size_of(infos));
  const auto found = wire::adopt_kept(page_, schema_of(infos), kept_);
  if (found == wire::Kept::another_schema) {
    log_warning("begins anew: what its predecessor kept is of other names, types or sizes");
  }
  if (found == wire::Kept::values) {
    roll_back();
  } else {
    gather();
  }
}

void StateKeeper::gather() noexcept {
  auto* to = kept_.data();
  for (auto* state : states_) {
    const auto value = state->bytes();
    to = std::copy_n(value.data(), value.size(), to);
  }
}

void StateKeeper::write() noexcept {
  gather();
  wire::commit_kept(page_, kept_);
}

void StateKeeper::forget() noexcept { wire::forget_kept(page_); }

void StateKeeper::roll_back() noexcept {
  const auto* from = kept_.data();
  for (auto* state : states_) {
    const auto value = state->bytes();
    std::copy_n(from, value.size(), value.data());
    from += value.size();
  }
}

}  // namespace vcengine::detail
