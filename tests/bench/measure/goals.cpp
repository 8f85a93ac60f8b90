#include "goals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "questions.hpp"

namespace vcengine::bench {

namespace {

using enum Goal::Bound;
using Value = std::optional<double>;

constexpr std::string_view kLeftOut = "not measured in this call";

FigureKey of(std::string_view who, std::string_view question, std::string_view part) {
  return {std::string(question), std::string(who), std::string(part)};
}

/// The largest of several that must all be small; none if one is missing.
Value worst(std::initializer_list<Value> values) {
  Value worst;
  for (const auto& value : values) {
    if (!value) return std::nullopt;
    worst = std::max(worst.value_or(*value), *value);
  }
  return worst;
}

Value sleep_over_futex(const Figures& figures, std::string_view part) {
  const auto at = [&](std::string_view wire, std::string_view limit) {
    return figures.ratio(of(kWire, wire, part), of(kLimit, limit, part));
  };
  return worst({at("sleep/back_to_back/64B", "sleep/back_to_back"),
                at("sleep/after_1ms/64B", "sleep/after_1ms")});
}

Value large_over_small(const Figures& figures) {
  const auto at = [&](std::string_view large, std::string_view small) {
    return figures.ratio(of(kWire, large, "p50"), of(kWire, small, "p50"));
  };
  return worst({at("sleep/back_to_back/4K", "sleep/back_to_back/64B"),
                at("sleep/after_1ms/4K", "sleep/after_1ms/64B")});
}

/// Of edges.yaml over another program, on the slower of the videos that were measured.
Value edges_over(const Figures& figures, std::string_view other, std::string_view part = "whole") {
  Value smallest;
  for (const auto* video : {"edges/given", "edges/1080p"}) {
    const auto ratio = figures.ratio(of(kCircuit, video, part), of(other, video, part));
    if (ratio) smallest = std::min(smallest.value_or(*ratio), *ratio);
  }
  return smallest;
}

Value smaller(Value a, Value b) { return a && b ? std::min(*a, *b) : (a ? a : b); }

constexpr Goal kGoals[] = {
    {"spin_over_cacheline", at_most, 2.5,
     [](const Figures& figures) {
       return figures.ratio(of(kWire, "spin/back_to_back/64B", "p50"),
                            of(kLimit, "spin/back_to_back", "p50"));
     },
     kLeftOut},
    {"iceoryx_over_spin", at_least, 3,
     [](const Figures& figures) {
       return figures.ratio(of("iceoryx", "spin/back_to_back/64B", "p50"),
                            of(kWire, "spin/back_to_back/64B", "p50"));
     },
     kLeftOut},
    {"sleep_over_futex", at_most, 1.2,
     [](const Figures& figures) { return sleep_over_futex(figures, "p50"); }, kLeftOut},
    {"sleep_p99_over_futex_p99", at_most, 1.3,
     [](const Figures& figures) { return sleep_over_futex(figures, "p99"); }, kLeftOut},
    {"hop_4k_over_64b", at_most, 1.1, large_over_small, kLeftOut},
    {"lossless_64b_per_s", at_least, 5e6,
     [](const Figures& figures) { return figures.median_of(of(kWire, "rate/wait/64B", "taken")); },
     kLeftOut},
    {"publish_stopped_reader_over_none", at_most, 1.1,
     [](const Figures& figures) {
       return figures.ratio(of(kWire, "publish/stopped_reader", "p50"),
                            of(kWire, "publish/no_reader", "p50"));
     },
     kLeftOut},
    {"syscalls_per_frame_busy", at_most, 0,
     [](const Figures& figures) {
       return figures.median_of(of(kWire, "busy/system_calls", "per_frame"));
     },
     kLeftOut},
    {"allocations_per_frame", at_most, 0,
     [](const Figures& figures) {
       return figures.median_of(of(kWire, "busy/allocations", "per_frame"));
     },
     kLeftOut},
    {"idle_cpu_percent", at_most, 0.5,
     [](const Figures& figures) {
       return figures.median_of(of(kCircuit, "idle/cpu", "of_a_core"));
     },
     kLeftOut},
    {"edges_over_one_thread", at_least, 1.5,
     [](const Figures& figures) {
       return smaller(figures.median_of(of(kCircuit, "edges/over_one_thread", "ratio")),
                      edges_over(figures, "one_thread"));
     },
     kLeftOut},
    {"edges_over_limit", at_least, 0.9,
     [](const Figures& figures) { return edges_over(figures, kLimit); }, kLeftOut},
    {"edges_over_default_threads", at_least, 1.35,
     [](const Figures& figures) { return edges_over(figures, "default_threads"); }, kLeftOut},
    {"edges_over_threaded", at_least, 1.0,
     [](const Figures& figures) {
       return smaller(figures.median_of(of(kCircuit, "edges/over_threaded", "ratio")),
                      edges_over(figures, "threads"));
     },
     kLeftOut},
    {"edges_over_gstreamer", at_least, 1.0,
     [](const Figures& figures) { return edges_over(figures, "gstreamer", "common_part"); },
     kLeftOut},
    {"cpu_1080p30_over_plain", at_most, 1.05,
     [](const Figures& figures) {
       return figures.ratio(of(kCircuit, "cpu/1080p30", "per_minute"),
                            of("one_thread", "cpu/1080p30", "per_minute"));
     },
     kLeftOut},
    {"forward_hop_over_ring", at_most, 1.3,
     [](const Figures& figures) {
       return figures.ratio(of(kCircuit, "chain/64", "hop"), of(kLimit, "chain/64", "hop"));
     },
     kLeftOut},
    {"start_200_blocks_s", at_most, 2.5,
     [](const Figures& figures) {
       return figures.median_of(of(kCircuit, "start/200_blocks", "first_frame"));
     },
     kLeftOut},
    {"pss_per_block_mb", at_most, 3,
     [](const Figures& figures) {
       return figures.median_of(of(kCircuit, "memory/block", "added"));
     },
     kLeftOut},
    {"heavy_block_over_default_threads", at_least, 1.0,
     [](const Figures& figures) {
       return figures.ratio(of(kCircuit, "heavy/1080p", "whole"),
                            of("default_threads", "heavy/1080p", "whole"));
     },
     kLeftOut},
    {"live_age_p99_over_work_plus_period", at_most, 1.0,
     [](const Figures& figures) {
       return figures.ratio(of(kCircuit, "live/age", "p99"), of(kLimit, "live/age", "p99"));
     },
     kLeftOut},
    {"faults_after_warmup", at_most, 0,
     [](const Figures& figures) { return figures.median_of(of(kWire, "faults/uneven", "both")); },
     kLeftOut},
};

}  // namespace

std::span<const Goal> goals() { return kGoals; }

bool is_met(const Goal& goal, double value) {
  return goal.bound == at_most ? value <= goal.value : value >= goal.value;
}

std::string text_of(const Goal& goal) {
  return fmt::format("{} {:g}", goal.bound == at_most ? "at most" : "at least", goal.value);
}

std::string why_missing(const Goal& goal, const Figures& figures) {
  const auto found = figures.notes().find(std::string(goal.name));
  return found == figures.notes().end() ? std::string(goal.missing) : found->second;
}

}  // namespace vcengine::bench
