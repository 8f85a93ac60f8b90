#include "engine/run/join_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vcengine {

using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 1s;

std::string seconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

std::uint64_t grown(std::uint64_t now, std::uint64_t then) { return now - std::min(now, then); }

std::uint64_t dropped(const WireStats& wire, std::string_view reason) {
  for (const auto& [name, count] : wire.dropped) {
    if (name == reason) return count;
  }
  return 0;
}

}  // namespace

JoinWatch::JoinWatch(const Plan& plan) : plan_(plan) {
  for (std::size_t block = 0; block < plan.blocks.size(); ++block) {
    Join join{.block = block};
    for (std::size_t wire = 0; wire < plan.wires.size(); ++wire) {
      const auto& planned = plan.wires[wire];
      if (planned.to_block == block && !planned.latest) join.wires.push_back(wire);
    }
    if (join.wires.size() > 1) joins_.push_back(std::move(join));
  }
}

std::vector<std::string> JoinWatch::look(const RunStats& stats, TimePoint now) {
  std::vector<std::string> sentences;
  for (auto& join : joins_) {
    if (join.told) continue;
    const auto& block = stats.blocks[join.block];
    const auto matches = block.frames + block.exceptions + (block.at_work ? 1 : 0);
    if (join.then.wires.empty() || matches != join.matches || !frames_came(join, stats)) {
      join.matches = matches;
      join.since = now;
      join.then = stats;
    } else if (now - join.since >= kPatience && !block.finished) {
      join.told = true;
      sentences.push_back(explain(join, stats));
    }
  }
  return sentences;
}

/// Waits a frame, or was one dropped, since the last match?
bool JoinWatch::frames_came(const Join& join, const RunStats& stats) const {
  return std::ranges::any_of(join.wires, [&](std::size_t wire) {
    const auto& now = stats.wires[wire];
    return now.in_flight > 0 || now.dropped_total() > join.then.wires[wire].dropped_total();
  });
}

std::string JoinWatch::explain(const Join& join, const RunStats& stats) const {
  return fmt::format("block {} has put nothing together for 1 s: {}{}{}",
                     plan_.blocks[join.block].name, lag(join, stats), who_is_at_work(join, stats),
                     what_was_dropped(join, stats));
}

/// Which input is behind, and by how much.
std::string JoinWatch::lag(const Join& join, const RunStats& stats) const {
  const auto name = [&](std::size_t wire) { return "'" + plan_.wires[wire].to_port + "'"; };
  for (const auto wire : join.wires) {
    if (!stats.wires[wire].newest_stamp) {
      return fmt::format("nothing has come through {} yet (from {})", name(wire),
                         stats.wires[wire].from);
    }
  }
  const auto earlier = [&](std::size_t a, std::size_t b) {
    return *stats.wires[a].newest_stamp < *stats.wires[b].newest_stamp;
  };
  const auto [behind, ahead] = std::ranges::minmax_element(join.wires, earlier);
  const auto here = *stats.wires[*behind].newest_stamp;
  const auto there = *stats.wires[*ahead].newest_stamp;
  // Frames that were dropped on the way explain by themselves why stamps do not meet.
  const bool all_flow =
      !any_superseded(join, stats) && std::ranges::all_of(join.wires, [&](std::size_t wire) {
        return stats.wires[wire].published > join.then.wires[wire].published;
      });
  if (all_flow && plan_.blocks[join.block].sync.by == SyncRule::By::stamp) {
    return fmt::format(
        "frames come through all inputs, but their stamps are further apart than {} ({} is at {}, "
        "{} at {}); 'sync: {{tolerance: …}}' lets near ones meet",
        seconds(plan_.blocks[join.block].sync.tolerance), name(*behind), seconds(here),
        name(*ahead), seconds(there));
  }
  return fmt::format("{} is {} behind {} (at {} and {})", name(*behind), seconds(there - here),
                     name(*ahead), seconds(here), seconds(there));
}

/// All wires on the way from the sources to the join, its own ones first.
std::vector<std::size_t> JoinWatch::wires_before(const Join& join) const {
  std::vector<std::size_t> found = join.wires;
  std::set<std::size_t> seen(found.begin(), found.end());
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (std::size_t wire = 0; wire < plan_.wires.size(); ++wire) {
      const auto& planned = plan_.wires[wire];
      if (planned.latest || planned.to_block != plan_.wires[found[i]].from_block) continue;
      if (seen.insert(wire).second) found.push_back(wire);
    }
  }
  return found;
}

bool JoinWatch::any_superseded(const Join& join, const RunStats& stats) const {
  return std::ranges::any_of(wires_before(join), [&](std::size_t wire) {
    return dropped(stats.wires[wire], "superseded") > dropped(join.then.wires[wire], "superseded");
  });
}

std::string JoinWatch::who_is_at_work(const Join& join, const RunStats& stats) const {
  for (const auto wire : wires_before(join)) {
    const auto& block = stats.blocks[plan_.wires[wire].from_block];
    if (block.is_source || !block.at_work || *block.at_work < kPatience / 2) continue;
    return fmt::format("; {} has been at one frame for {}", block.name, seconds(*block.at_work));
  }
  return "";
}

/// On which branch frames were lost meanwhile, and how.
std::string JoinWatch::what_was_dropped(const Join& join, const RunStats& stats) const {
  std::string text;
  for (const auto wire : wires_before(join)) {
    const auto& now = stats.wires[wire];
    for (const auto& [reason, count] : now.dropped) {
      const auto lost = grown(count, dropped(join.then.wires[wire], reason));
      if (lost == 0) continue;
      text += fmt::format("{}{} {} on {} -> {}", text.empty() ? "; dropped meanwhile: " : ", ",
                          lost, reason, now.from, now.to);
    }
  }
  for (std::size_t block = 0; block < stats.blocks.size(); ++block) {
    const auto lost = grown(stats.blocks[block].busy, join.then.blocks[block].busy);
    if (lost == 0) continue;
    text += fmt::format("{}{} busy at {}", text.empty() ? "; dropped meanwhile: " : ", ", lost,
                        stats.blocks[block].name);
  }
  return text;
}

}  // namespace vcengine
