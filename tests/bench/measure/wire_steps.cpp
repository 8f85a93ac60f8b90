#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cores.hpp"
#include "limits.hpp"
#include "samples.hpp"
#include "steps.hpp"
#include "wire_counts.hpp"
#include "wire_fan_out.hpp"
#include "wire_hops.hpp"
#include "wire_publish_cost.hpp"
#include "wire_rate.hpp"

namespace vcengine::bench {

namespace {

constexpr std::string_view kLimits = "limits", kPeers = "peers";
constexpr std::string_view kMicroseconds = "us";
constexpr double kSteady = 1.25;  ///< two measurements of a limit that differ by more are no limit
constexpr int kTries = 20;
constexpr std::size_t kFaultWarmUp = 40;  // frames

std::size_t usual_count(const HopQuestion& question, bool copies = false) {
  const bool is_large = question.size.bytes >= k1080p.bytes;
  if (question.touch == Touch::all || (copies && is_large)) return 100;
  if (question.pace == Pace::after_idleness) return 1000;
  return question.waiting == Waiting::spin ? 100'000 : 10'000;
}

void answer_limit(const HopQuestion& question, const Effort& effort, Figures& figures) {
  const auto count = effort.times(usual_count(question));
  const auto hops = question.waiting == Waiting::spin ? cache_line_hops(question.pace, count)
                                                      : futex_hops(question.pace, count);
  figures.add(question.limit_name(), kLimit, kMicroseconds, quantiles(hops));
}

/// The wire between two looks at the cache line, again and again until both looks saw the same: a
/// machine that others share was seen to change it sixfold from one second to the next.
void answer_between_limits(const HopQuestion& question, const Effort& effort, Figures& figures) {
  const auto count = effort.times(usual_count(question));
  int disturbed = 0;
  for (;; ++disturbed) {
    const auto before = quantiles(cache_line_hops(question.pace, count));
    const auto wire = quantiles(wire_hops(question, count));
    const auto after = quantiles(cache_line_hops(question.pace, count));
    const bool is_steady =
        std::max(before.p50, after.p50) <= kSteady * std::min(before.p50, after.p50);
    if (!is_steady && disturbed < kTries) continue;

    const auto limit = question.limit_name();
    figures.add({limit, std::string(kLimit), "p50"}, kMicroseconds, (before.p50 + after.p50) / 2);
    figures.add({limit, std::string(kLimit), "p99"}, kMicroseconds,
                std::max(before.p99, after.p99));
    figures.add({limit + "/before", std::string(kLimit), "p50"}, kMicroseconds, before.p50);
    figures.add({limit + "/after", std::string(kLimit), "p50"}, kMicroseconds, after.p50);
    figures.add({limit + "/discarded", std::string(kWire), "runs"}, "runs", disturbed);
    figures.add(question.name(), kWire, kMicroseconds, wire);
    if (!is_steady) {
      figures.note(
          limit,
          fmt::format("the cache line never cost the same before and after ({} tries)", kTries));
    }
    return;
  }
}

void answer_hops(const HopQuestion& question, const Effort& effort, Figures& figures) {
  const bool is_measured_by_the_limit = question.waiting == Waiting::spin &&
                                        question.pace == Pace::back_to_back &&
                                        question.size.bytes == k64B.bytes;
  if (is_measured_by_the_limit) {
    answer_between_limits(question, effort, figures);
    return;
  }
  const auto count = effort.times(usual_count(question));
  figures.add(question.name(), kWire, kMicroseconds, quantiles(wire_hops(question, count)));
}

void add_hops(std::vector<Step>& steps, const std::vector<Peer>& peers) {
  for (const auto& question : hop_questions()) {
    if (question.size.bytes == k64B.bytes) {
      steps.push_back({std::string(kLimits), question.limit_name(),
                       [=](const Effort& effort, Figures& figures) {
                         answer_limit(question, effort, figures);
                       }});
    }
    steps.push_back(
        {std::string(kWire), question.name(),
         [=](const Effort& effort, Figures& figures) { answer_hops(question, effort, figures); }});
    for (const auto& peer : peers) {
      steps.push_back({std::string(kPeers), question.name() + ", " + peer.name,
                       [=](const Effort& effort, Figures& figures) {
                         const auto count = effort.times(usual_count(question, peer.copies));
                         const auto hops = peer.hops(question, count);
                         if (!hops) return;
                         figures.add(question.name(), peer.name, kMicroseconds, quantiles(*hops));
                       }});
    }
  }
}

/// Writing a whole frame here and reading it there can cost no less than one copy.
void measure_memory(const Effort& effort, Figures& figures) {
  for (const auto& size : {k1080p, k4K}) {
    const HopQuestion question{Waiting::sleep, Pace::back_to_back, size, Touch::all};
    figures.add(question.name(), kLimit, kMicroseconds,
                quantiles(copies(size, effort.times(usual_count(question)))));
  }
  figures.add("memory/first_touch_of_a_page", kLimit, kMicroseconds,
              quantiles(first_touches(k1080p, effort.times(20))));
}

void measure_rates(const Effort& effort, Figures& figures) {
  struct Rates {
    RateQuestion question;
    std::string name;
    std::size_t count;
  };
  using wire::Policy;
  for (const auto& [question, name, count] :
       {Rates{{Policy::wait, k64B, Touch::line, 64}, "rate/wait/64B", 2'000'000},
        Rates{{Policy::drop_oldest, k64B, Touch::line, 1}, "rate/drop_oldest/64B", 2'000'000},
        Rates{{Policy::wait, k1080p, Touch::line, 16}, "rate/wait/1080p", 500'000},
        Rates{{Policy::drop_oldest, k1080p, Touch::line, 1}, "rate/drop_oldest/1080p", 500'000},
        Rates{{Policy::wait, k1080p, Touch::all, 2}, "rate/wait/1080p/written", 400},
        Rates{
            {Policy::drop_oldest, k1080p, Touch::all, 1}, "rate/drop_oldest/1080p/written", 400}}) {
    const auto rate = wire_rate(question, effort.times(count));
    figures.add({name, std::string(kWire), "published"}, "frames/s", rate.published);
    figures.add({name, std::string(kWire), "taken"}, "frames/s", rate.taken);
  }
}

void measure_fan_out(const Effort& effort, Figures& figures) {
  for (const std::size_t readers : {1, 2, 4, 8}) {
    const auto result = wire_fan_out(readers, effort.times(500));
    const auto name = fmt::format("fan_out/{}", readers);
    figures.add(name + "/first", kWire, kMicroseconds, quantiles(result.first));
    figures.add(name + "/last", kWire, kMicroseconds, quantiles(result.last));
    figures.add(name + "/publish", kWire, kMicroseconds, quantiles(result.publish));
  }
}

void measure_publish_cost(const Effort& effort, Figures& figures) {
  const auto costs = wire_publish_costs(effort.times(100));
  const auto add = [&](const char* name, const std::vector<double>& nanoseconds) {
    figures.add({name, std::string(kWire), "p50"}, "ns", median(nanoseconds));
  };
  add("publish/no_reader", costs.no_reader);
  add("publish/running_reader", costs.running);
  add("publish/stopped_reader", costs.stopped);
}

void measure_counts(const Effort& effort, Figures& figures) {
  const std::string wire(kWire);
  struct Case {
    Busy busy;
    std::string name;
  };
  double worst_calls = 0, worst_allocations = 0;
  bool all_calls = true, all_allocations = true;
  for (const auto& [busy, name] : {Case{Busy::spinning, "spinning"}, Case{Busy::overrun, "overrun"},
                                   Case{Busy::back_pressed, "back_pressed"}}) {
    const auto counts = busy == Busy::back_pressed ? wire_busy_counts(busy, effort.times(20'000))
                                                   : least_busy_counts(busy, effort.times(20'000));
    const auto add = [&, busy = busy, &name = name](const char* what,
                                                    const std::optional<double>& count,
                                                    double& worst, bool& all) {
      if (count) figures.add({"busy/" + name, wire, what}, "per frame", *count);
      if (busy == Busy::back_pressed) return;  // sleeping is what back pressure is
      all = all && count;
      worst = std::max(worst, count.value_or(0));
    };
    add("system_calls", counts.system_calls, worst_calls, all_calls);
    add("allocations", counts.allocations, worst_allocations, all_allocations);
  }
  if (all_calls) {
    figures.add({"busy/system_calls", wire, "per_frame"}, "per frame", worst_calls);
  } else {
    figures.note("syscalls_per_frame_busy", "this system does not allow a process to be traced");
  }
  if (all_allocations) {
    figures.add({"busy/allocations", wire, "per_frame"}, "per frame", worst_allocations);
  } else {
    figures.note("allocations_per_frame",
                 "not counted where processes may not be traced, or under a sanitizer");
  }
}

void measure_faults(const Effort& effort, Figures& figures) {
  const std::string wire(kWire);
  for (const auto& [holding, name] :
       {std::pair(Holding::even, "faults/even"), std::pair(Holding::uneven, "faults/uneven")}) {
    const auto faults = wire_faults(holding, kFaultWarmUp, effort.times(100));
    figures.add({name, wire, "writer"}, "faults", static_cast<double>(faults.writer));
    figures.add({name, wire, "reader"}, "faults", static_cast<double>(faults.reader));
    figures.add({name, wire, "both"}, "faults", static_cast<double>(faults.writer + faults.reader));
  }
}

}  // namespace

std::vector<Step> wire_steps(const std::vector<Peer>& peers) {
  std::vector<Step> steps;
  const bool is_alone = !two_cores();
  if (is_alone) {
    steps.push_back({std::string(kLimits), "memory", measure_memory});
    return steps;
  }
  add_hops(steps, peers);
  steps.push_back({std::string(kLimits), "memory", measure_memory});
  const auto add = [&](const char* name, void (*run)(const Effort&, Figures&)) {
    steps.push_back({std::string(kWire), name, run});
  };
  add("frames a second", measure_rates);
  add("fan-out", measure_fan_out);
  add("cost of publishing", measure_publish_cost);
  add("system calls and allocations", measure_counts);
  add("page faults", measure_faults);
  return steps;
}

}  // namespace vcengine::bench
