#include "tools/new/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"
#include "tools/common/refusal.hpp"

namespace vcengine {
namespace {

bool must_be_wired(const PortInfo& port) { return port.role == PortRole::in && !port.optional; }

bool has_role(const BlockInfo& block, PortRole role) {
  return std::ranges::any_of(block.ports, [&](const PortInfo& port) { return port.role == role; });
}

bool takes_frames(const BlockInfo& block) {
  return has_role(block, PortRole::in) || has_role(block, PortRole::latest);
}

std::string ports_text(const BlockInfo& block, bool outputs) {
  std::vector<std::string> ports;
  for (const auto& port : block.ports) {
    if ((port.role == PortRole::out) == outputs) ports.push_back(port.name + ": " + port.type);
  }
  return ports.empty() ? "none" : join(ports);
}

/// How well an output suits an input: 2 the same type, 1 it fits, 0 it does not.
int suits(const PortInfo& out, const PortInfo& in) {
  if (out.type == in.type) return 2;
  return fits(out.type, in.type) ? 1 : 0;
}

struct Pair {
  const PortInfo* out = nullptr;
  const PortInfo* in = nullptr;
  int rank = 0;
};

/// The best pair of ports; inputs that must be wired go before others that fit as well.
Pair best_pair(const BlockInfo& from, const BlockInfo& to) {
  Pair best;
  for (const auto& in : to.ports) {
    if (in.role == PortRole::out) continue;
    for (const auto& out : from.ports) {
      if (out.role != PortRole::out) continue;
      const int fit = suits(out, in);
      const int rank = fit == 0 ? 0 : 2 * fit + (must_be_wired(in) ? 1 : 0);
      if (rank > best.rank) best = {&out, &in, rank};
    }
  }
  return best;
}

void require_order(const std::vector<BlockInfo>& types) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto& type = types[i];
    if (i == 0 && std::ranges::any_of(type.ports, must_be_wired)) {
      throw Refusal(
          fmt::format("{} waits for frames (inputs {}), so a source comes before it, such as "
                      "io.test_pattern for "
                      "pictures or core.counter for numbers",
                      type.type, ports_text(type, false)));
    }
    if (i > 0 && !takes_frames(type)) {
      throw Refusal(fmt::format("{} has no inputs, so it can only be the first, not after {}",
                                type.type, types[i - 1].type));
    }
    if (i + 1 < types.size() && !has_role(type, PortRole::out)) {
      throw Refusal(fmt::format("{} has no outputs, so it can only be the last, not before {}",
                                type.type, types[i + 1].type));
    }
  }
}

/// An output for an input that would stay unwired: of the same type if there is one, and of the
/// nearest block.
std::optional<ChainWire> wire_from_above(const Chain& chain, std::size_t block,
                                         const PortInfo& in) {
  for (const int wanted : {2, 1}) {
    for (std::size_t above = block; above-- > 0;) {
      for (const auto& out : chain.blocks[above].info.ports) {
        if (out.role == PortRole::out && suits(out, in) == wanted) {
          return ChainWire{above, out.name, block, in.name};
        }
      }
    }
  }
  return std::nullopt;
}

void wire_block(Chain& chain, std::size_t index) {
  const auto& to = chain.blocks[index].info;
  const auto& from = chain.blocks[index - 1].info;
  const auto pair = best_pair(from, to);
  if (pair.rank == 0) {
    throw Refusal(fmt::format(
        "no output of {} fits an input of {}:\n  {} sends {}\n  {} takes {}\nput a block that "
        "converts between them; `vcengine inspect` lists all",
        from.type, to.type, from.type, ports_text(from, true), to.type, ports_text(to, false)));
  }
  chain.wires.push_back({index - 1, pair.out->name, index, pair.in->name});
  for (const auto& in : to.ports) {
    if (!must_be_wired(in) || in.name == pair.in->name) continue;
    const auto wire = wire_from_above(chain, index, in);
    if (!wire) {
      throw Refusal(
          fmt::format("input {} of {} ({}) must be wired, and no block before it sends that",
                      in.name, to.type, in.type));
    }
    chain.wires.push_back(*wire);
  }
}

}  // namespace

Chain make_chain(const std::vector<BlockInfo>& types) {
  require_order(types);
  Chain chain;
  std::set<std::string> taken;
  for (const auto& type : types) {
    const auto last_word = type.type.substr(type.type.rfind('.') + 1);
    chain.blocks.push_back({circuit_block_name(last_word, taken), type});
  }
  for (std::size_t i = 1; i < types.size(); ++i) wire_block(chain, i);
  return chain;
}

}  // namespace vcengine
